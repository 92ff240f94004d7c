"""Doors of the vocabularies for admins: stages, categories and tag kinds; added, renamed, retired, put in order."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import admins
from portal.core.errors import Invalid, NotFound
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.admin.pages import TermRow, VocabularyPage
from portal.shared.tags.models import Term
from portal.shared.tags.operations import add_term, change_term, move_term
from portal.shared.tags.queries import list_terms

feature = Feature("admin_vocabularies", private=True)

WORDS: Mapping[str, tuple[str, str]] = {
    "stage": ("Stages", "stage"),
    "category": ("Categories of objections", "category"),
    "tag_kind": ("Kinds of tags", "kind of tag"),
}
PLACE = "/admin/vocabularies/<any(stage, category, tag_kind):vocabulary>"
ACTS = ("rename", "up", "down", "retire", "offer")


@feature.get("/admin/vocabularies", allow=admins)
def vocabularies(door: Door) -> ResponseReturnValue:
    """The first of the three."""
    return go("/admin/vocabularies/stage")


@feature.get(PLACE, allow=admins)
def vocabulary(door: Door, vocabulary: str) -> ResponseReturnValue:
    """One vocabulary in its order."""
    return _page(door, vocabulary)


@feature.post(PLACE, allow=admins)
def add(door: Door, vocabulary: str) -> ResponseReturnValue:
    """Add a word at the end."""
    fields, by = door.fields, door.actor.person_id
    name = fields.line("name", "Name", required=True, most=80)
    try:
        fields.check()
        door.write(lambda session: add_term(session, by, vocabulary, name))
    except Invalid as problem:
        return _page(door, vocabulary, fields.values, problem.errors)
    say(f"“{name}” is offered now.")
    return go(f"/admin/vocabularies/{vocabulary}")


@feature.post("/admin/terms/<int:term_id>", allow=admins)
def change(door: Door, term_id: int) -> ResponseReturnValue:
    """Rename, move, retire or offer again, as the button said; addresses and items keep the word's slug."""
    fields, by, term = door.fields, door.actor.person_id, found(door.session.get(Term, term_id))
    act = fields.choice("act", "Act", ACTS, required=True)
    name = fields.line("name", "Name", required=True, most=80) if act == "rename" else term.name
    try:
        fields.check()
        door.write(lambda session: _change(session, by, term_id, act, name))
    except Invalid as problem:
        said = next(iter(problem.errors.values()))
        return _page(door, term.vocabulary, refused=TermRow(term.id, name, term.slug, term.is_retired, said))
    return go(f"/admin/vocabularies/{term.vocabulary}")


def _change(session: Session, by: int, term_id: int, act: str, name: str) -> None:
    if act in ("up", "down"):
        move_term(session, by, term_id, -1 if act == "up" else 1)
        return
    term = session.get(Term, term_id)
    if term is None:
        raise NotFound
    is_retired = term.is_retired if act == "rename" else act == "retire"
    change_term(session, by, term_id, name=name, is_retired=is_retired)


def _page(
    door: Door,
    vocabulary: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    refused: TermRow | None = None,
) -> ResponseReturnValue:
    terms = [
        TermRow(term.id, term.name, term.slug, term.is_retired)
        for term in list_terms(door.session, vocabulary, with_retired=True)
    ]
    content = VocabularyPage(
        vocabulary=vocabulary,
        title=WORDS[vocabulary][0],
        word=WORDS[vocabulary][1],
        others=[(title, f"/admin/vocabularies/{key}", key == vocabulary) for key, (title, _) in WORDS.items()],
        terms=[refused if refused and refused.id == term.id else term for term in terms],
        values=values or {},
        errors=errors or {},
    )
    return page("admin/vocabulary.html", content, 422 if errors or refused else 200)
