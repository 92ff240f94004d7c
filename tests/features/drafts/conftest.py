"""A company that writes: a manager, an author, and forms of every kind."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from portal.shared.drafts.models import Draft
from portal.shared.items.models import Item
from portal.shared.items.operations import hide_item
from portal.shared.items.queries import url_of
from tests import builders

TOKEN = "t" * 22
OTHER = "u" * 22


@dataclass(frozen=True)
class Written:
    """One item of each kind that has a form, all by Dana."""

    playbook: Item
    objection: Item
    question: Item
    answer: Item
    path: Item

    def form_of(self, kind: str) -> str:
        """Where an item of this kind is edited."""
        one = getattr(self, kind)
        if kind == "answer":
            return f"{url_of('objection', self.objection.id, self.objection.slug)}/answers/{one.id}/edit"
        return f"{url_of(kind, one.id, one.slug)}/edit"


KINDS = ("playbook", "objection", "question", "answer", "path")
TYPED: dict[str, dict[str, Any]] = {
    "playbook": {"title": "Typed title", "text": "Typed text", "stage": "", "tags": "typed", "reason": "typed"},
    "objection": {"title": "Typed title", "text": "Typed text", "category": "price", "tags": "typed",
                  "variants": "one\ntwo", "stage": "", "competitor": ""},
    "question": {"title": "Typed title?", "text": "Typed text", "tags": "typed", "stage": "", "competitor": ""},
    "answer": {"say": "Typed words", "why": "Typed why", "ask_back": "", "proof": "a | b", "push": "", "avoid": "",
               "stay_true": "", "internal": "typed line", "text": "Typed text"},
    "path": {"title": "Typed title", "text": "Typed text", "tags": "typed"},
}  # fmt: skip


@pytest.fixture
def dana(database):
    """A publisher, who may write everything and edits her own."""
    builders.add_vocabularies(database)
    return builders.add_person(database, "Dana Ruiz", "publisher")


@pytest.fixture
def priya(database, dana):
    """A manager, who may edit what Dana wrote."""
    return builders.add_person(database, "Priya Shah", "manager")


@pytest.fixture
def omar(database, dana):
    """A rep, who may read it."""
    return builders.add_person(database, "Omar Haddad")


@pytest.fixture
def written(database, dana):
    """What Dana wrote."""
    playbook = builders.write_playbook(database, dana, "First visit", "Old text", tags=("old",))
    objection = builders.ask_objection(database, dana, "Too expensive", category="price", text="Old text")
    question = builders.ask_objection(database, dana, "Who signs?", "question", text="Old text")
    answer = builders.post_answer(database, dana, objection, "Old words", why="Old why", internal=("old line",))
    path = builders.write_path(database, dana, (playbook, objection), text="Old text")
    return Written(playbook, objection, question, answer, path)


@pytest.fixture
def signed_in(client, dana):
    """Dana's browser."""
    builders.sign_in(client, dana)
    return client


@pytest.fixture
def keep(client):
    """Send what stands in a form, as its script does."""

    def send(key: str, token: str = TOKEN, **typed: Any) -> Any:
        return builders.post(client, f"/forms/{key}/draft", {"draft": token, **typed}, headers={"HX-Request": "true"})

    return send


@pytest.fixture
def rows(database):
    """The texts of somebody that wait: token → fields."""

    def read(person: Any) -> dict[str, dict[str, list[str]]]:
        with database.reading() as session:
            own = select(Draft).where(Draft.person_id == person.id, Draft.is_closed.is_(False))
            return {one.token: one.fields for one in session.scalars(own)}

    return read


@pytest.fixture
def hide(database, priya):
    """Take an item from view."""

    def act(item: Item) -> None:
        with database.writing() as session:
            hide_item(session, builders.actor_of(database, priya), item.id)
            session.commit()

    return act
