"""Reads of playbooks; everything begins with `visible_to`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, literal, select
from sqlalchemy.orm import Session, aliased, defer, joinedload, load_only

from portal.core.access import Actor
from portal.features.playbooks.models import Contributor, Playbook, PlaybookSection
from portal.features.playbooks.policy import OPEN_TEXTS
from portal.shared.items.models import Item, Revision
from portal.shared.items.queries import OPEN_STATUSES, REACHABLE, VISIBLE, reached_by, seen_by, visible_to
from portal.shared.items.trust_queries import is_owned
from portal.shared.people.models import Person
from portal.shared.people.queries import OF_A_LINK
from portal.shared.tags.models import ItemTag, Tag, Term
from portal.shared.votes.models import Vote

PAGE = 30
TAGS_SHOWN = 20
LONGEST_CHAIN = 50
ORDERS = ("new", "useful")
Place = tuple[int, str]
"""A playbook's id and the anchor of one of its sections, or nothing for its lead."""


# Built once: the pages and rows of a search run these, and building a statement costs more than running it.
_FOUND = (
    select(
        Playbook,
        select(Term.name).where(Term.vocabulary == "stage", Term.slug == Playbook.stage).scalar_subquery(),
        exists().where(Vote.item_id == Playbook.id, Vote.person_id == bindparam("viewer_id")),
        Revision,
    )
    .outerjoin(
        Revision,
        (Revision.item_id == Playbook.id) & (Revision.version == Playbook.version) & Revision.state.in_(OPEN_TEXTS),
    )
    .where(Playbook.id == bindparam("playbook_id"), REACHABLE)
    .options(
        joinedload(Playbook.author).load_only(*OF_A_LINK), joinedload(Revision.author).load_only(*OF_A_LINK),
        defer(Revision.content, raiseload=True),
    )
)  # fmt: skip


def _rows() -> Any:
    vote = aliased(Vote)
    return (
        select(Playbook, Person, vote.item_id, is_owned(Playbook))
        .join(Person, Person.id == Playbook.author_id)
        .outerjoin(vote, (vote.item_id == Playbook.id) & (vote.person_id == bindparam("viewer_id")))
        .where(VISIBLE)
        .options(load_only(*_OF_A_ROW, raiseload=True), load_only(Person.name, Person.state, raiseload=True))
    )


# What a row shows of a playbook: every column more costs a search some time, for each of its hits.
_OF_A_ROW = (
    Playbook.kind, Playbook.author_id, Playbook.title, Playbook.slug, Playbook.summary, Playbook.status,
    Playbook.successor_id, Playbook.verified_on, Playbook.verify_by, Playbook.votes, Playbook.stage,
)  # fmt: skip
_ROWS = _rows()
_HITS = (
    _ROWS.add_columns(PlaybookSection.anchor, PlaybookSection.title)
    .outerjoin(
        PlaybookSection,
        (PlaybookSection.playbook_id == Playbook.id) & PlaybookSection.anchor.in_(bindparam("anchors", expanding=True)),
    )
    .where(Playbook.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class PlaybookRow:
    """A playbook in a list, without its text, whether the reader found it useful, and whether somebody owns it."""

    playbook: Playbook
    author: Person
    is_voted: bool
    is_owned: bool


@dataclass(frozen=True, slots=True)
class PlaybookFound:
    """A playbook as its page needs it: author and verifier loaded, the name of its stage, the reader's vote.

    `text` is the newest text with its author where it waits to be published; what it says is not loaded.
    """

    playbook: Playbook
    stage_name: str
    is_voted: bool
    text: Revision | None


def find_playbook(session: Session, actor: Actor, playbook_id: int) -> PlaybookFound | None:
    """One playbook at its own address: what is visible, and for managers what is drafted, reviewed or archived."""
    row = session.execute(_FOUND, {"playbook_id": playbook_id, **reached_by(actor)}).first()
    return PlaybookFound(row[0], row[1] or "", bool(row[2]), row[3]) if row else None


def find_waiting(session: Session, playbook: Playbook) -> Revision | None:
    """The newest text with its words and its author, where it waits to be published."""
    return session.scalars(
        select(Revision)
        .where(Revision.item_id == playbook.id, Revision.version == playbook.version, Revision.state.in_(OPEN_TEXTS))
        .options(joinedload(Revision.author))
    ).first()


def find_last_successor(session: Session, actor: Actor, playbook_id: int) -> Playbook | None:
    """What an obsolete playbook leads to in the end: the last one of the chain that this person may see, or None."""
    chain = (
        select(Playbook.successor_id.label("id"), literal(1).label("step"))
        .where(Playbook.id == playbook_id, Playbook.status == "obsolete")
        .cte("chain", recursive=True)
    )
    chain = chain.union_all(
        select(Playbook.successor_id, chain.c.step + 1)
        .join(chain, chain.c.id == Playbook.id)
        .where(Playbook.status == "obsolete", chain.c.step < LONGEST_CHAIN)
    )
    return session.scalars(
        select(Playbook)
        .join(chain, chain.c.id == Playbook.id)
        .where(visible_to(actor), Playbook.status.in_(OPEN_STATUSES))
        .options(defer(Item.source, raiseload=True), defer(Item.html, raiseload=True))
        .order_by(chain.c.step.desc())
        .limit(1)
    ).first()


def list_playbooks(
    session: Session, actor: Actor, *, stage: str = "", tag: str = "", order: str = "new", page: int = 1
) -> tuple[list[PlaybookRow], int]:
    """A page of published playbooks, the newest or the most useful first, and how many in all; two statements."""
    wanted = filtered(select(Playbook.id), actor, stage, tag)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    newest = (Playbook.updated_at.desc(), Playbook.id.desc())
    rows = session.execute(
        filtered(_ROWS, actor, stage, tag)
        .order_by(*((Playbook.votes.desc(), *newest) if order == "useful" else newest))
        .limit(PAGE)
        .offset((page - 1) * PAGE),
        seen_by(actor),
    ).all()
    return [PlaybookRow(row[0], row[1], row[2] is not None, row[3]) for row in rows], total


def list_hits(session: Session, actor: Actor, places: Iterable[Place]) -> dict[Place, tuple[PlaybookRow, str]]:
    """The visible ones among these playbooks and sections, each with the title of its section.

    A section that is gone has the empty title. One statement, none for no places.
    """
    wanted = set(places)
    if not wanted:
        return {}
    anchors, ids = {anchor for _, anchor in wanted if anchor}, {number for number, _ in wanted}
    rows = session.execute(_HITS, {"anchors": sorted(anchors), "ids": sorted(ids), **seen_by(actor)}).all()
    playbooks = {row[0].id: PlaybookRow(row[0], row[1], row[2] is not None, row[3]) for row in rows}
    titles = {(row[0].id, row[4]): row[5] for row in rows if row[4]}
    return {place: (playbooks[place[0]], titles.get(place, "")) for place in wanted if place[0] in playbooks}


def count_by_stage(session: Session, actor: Actor) -> dict[str, int]:
    """How many visible published playbooks each stage has."""
    rows = session.execute(
        select(Playbook.stage, func.count())
        .where(visible_to(actor), Playbook.status == "published", Playbook.stage.is_not(None))
        .group_by(Playbook.stage)
    )
    return {stage: count for stage, count in rows if stage}


def count_by_tag(session: Session, actor: Actor) -> list[tuple[str, str, int]]:
    """Slug, name and number of visible published playbooks of the tags that most of them bear."""
    count = func.count(Playbook.id)
    rows = session.execute(
        select(Tag.slug, Tag.name, count)
        .join(ItemTag, ItemTag.tag_id == Tag.id)
        .join(Playbook, Playbook.id == ItemTag.item_id)
        .where(visible_to(actor), Playbook.status == "published")
        .group_by(Tag.id, Tag.slug, Tag.name)
        .order_by(count.desc(), Tag.name)
        .limit(TAGS_SHOWN)
    )
    return [(slug, name, number) for slug, name, number in rows]


def list_sections(session: Session, playbook_ids: Iterable[int]) -> dict[int, list[PlaybookSection]]:
    """The sections of playbooks in their order, with their words; the caller has asked `visible_to`."""
    found: dict[int, list[PlaybookSection]] = {}
    for section in session.scalars(
        select(PlaybookSection)
        .where(PlaybookSection.playbook_id.in_(sorted(set(playbook_ids))), PlaybookSection.position >= 0)
        .order_by(PlaybookSection.playbook_id, PlaybookSection.position)
    ):
        found.setdefault(section.playbook_id, []).append(section)
    return found


def list_headings(session: Session, playbook_id: int) -> Sequence[tuple[int, str, str]]:
    """Level, anchor and title of the headings of a playbook; the caller has asked `visible_to`."""
    rows = session.execute(
        select(PlaybookSection.level, PlaybookSection.anchor, PlaybookSection.title)
        .where(PlaybookSection.playbook_id == playbook_id, PlaybookSection.anchor != "", PlaybookSection.position >= 0)
        .order_by(PlaybookSection.position)
    )
    return [(level, anchor, title) for level, anchor, title in rows]


def list_contributors(session: Session, playbook_id: int) -> Sequence[Person]:
    """Everybody whose words stand in a playbook, the author aside, by name."""
    return session.scalars(
        select(Person)
        .join(Contributor, Contributor.person_id == Person.id)
        .where(Contributor.playbook_id == playbook_id)
        .order_by(Person.name)
    ).all()


def filtered(wanted: Any, actor: Actor, stage: str, tag: str) -> Any:
    """The published playbooks that this person may see, of a stage and with a tag where these are given."""
    wanted = wanted.where(visible_to(actor), Playbook.status == "published")
    if stage:
        wanted = wanted.where(Playbook.stage == stage)
    if tag:
        bears = select(ItemTag.item_id).join(Tag, Tag.id == ItemTag.tag_id).where(Tag.slug == tag)
        wanted = wanted.where(Playbook.id.in_(bears))
    return wanted
