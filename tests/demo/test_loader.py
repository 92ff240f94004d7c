"""The story is played through the real operations, whole or not at all, and is never played over somebody's work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.web import found
from portal.demo import loader
from portal.demo.play import Play
from portal.demo.recognising import ACT, is_demo
from portal.demo.story import Story
from portal.features.objections.models import Answer, Asked
from portal.features.paths.models import StepDone
from portal.features.playbooks.models import Contributor, Playbook
from portal.shared.files.store import FileStore
from portal.shared.items.models import Item, ItemLink
from portal.shared.items.queries import find_revision, list_revisions
from portal.shared.people import operations as people
from portal.shared.people.forms import PersonInput
from portal.shared.people.models import Membership, Person, Team
from portal.shared.people.queries import find_actor, find_by_email
from portal.shared.tags.operations import find_or_add_tag
from portal.shared.votes.models import Vote
from portal.shared.votes.operations import cast_vote, withdraw_vote
from portal.shared.votes.queries import list_drifted

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def play(database: Database, short_story: Story, wanted: str = "first") -> loader.Built:
    store = FileStore(Path("no page of the short story gives a file"))
    return loader.build(database, store, short_story, now=NOW, timezone="Europe/Berlin", wanted=wanted)


def state(database: Database, wanted: str = "first") -> loader.State:
    with database.reading() as session:
        return loader.find_state(session, wanted)


def change(database: Database, work: Callable[[Session], object]) -> None:
    with database.writing() as session:
        work(session)
        session.commit()


def person(session: Session, mail: str) -> Person:
    found = find_by_email(session, mail)
    assert found is not None
    return found


def actor(session: Session, mail: str) -> Actor:
    found = find_actor(session, person(session, mail).id)
    assert found is not None
    return found


def titled(session: Session, title: str) -> Item:
    return session.scalars(select(Item).where(Item.title.startswith(title))).one()


def one_vote(session: Session) -> tuple[Actor, int]:
    active = select(Person.id).where(Person.state == "active")
    vote = session.scalars(select(Vote).where(Vote.person_id.in_(active))).first()
    assert vote is not None
    found = find_actor(session, vote.person_id)
    assert found is not None
    return found, vote.item_id


def add_one_vote(session: Session) -> None:
    voter = actor(session, "admin@demo.example")
    taken = select(Vote.item_id).where(Vote.person_id == voter.person_id)
    free = select(Answer.id).where(Answer.author_id != voter.person_id, Answer.id.not_in(taken)).limit(1)
    cast_vote(session, voter, session.scalars(free).one())


def test_an_empty_database_becomes_the_company_and_then_stands(database: Database, short_story: Story) -> None:
    assert state(database) == "empty"
    built = play(database, short_story)
    assert state(database) == "current"
    assert state(database, "second") == "outdated"
    with database.reading() as session:
        assert is_demo(session)
        assert built == loader.count_built(session)
    wanted = sum(answer.useful for asked in short_story.asked for answer in asked.answers)
    assert built.votes == wanted + sum(page.useful for page in short_story.playbooks)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StepDone)) == 4
    assert (built.people, built.objections, built.questions, built.playbooks) == (48, 3, 1, 4)


def test_everything_happens_at_its_moment_in_company_time(database: Database, short_story: Story) -> None:
    play(database, short_story)
    with database.reading() as session:
        asked = titled(session, "You are too expensive compared with Kestrion")
        assert asked.created_at == datetime(2026, 6, 30, 9, 20, tzinfo=UTC)  # d-147 11:20 in Berlin's summer
        late = session.scalars(select(Item.updated_at).order_by(Item.updated_at.desc())).first()
        assert late is not None
        assert late < NOW
        voted = session.execute(select(Vote.at, Item.created_at).join(Item, Item.id == Vote.item_id))
        assert all(row.at > row.created_at for row in voted)


def test_edits_leave_the_earlier_words_in_the_history(database: Database, short_story: Story) -> None:
    play(database, short_story)
    with database.reading() as session:
        answer = titled(session, "What does one stopped filler cost you an hour?")
        versions = [found(find_revision(session, answer.id, number)) for number in (1, 2)]
        assert [one.content["say"][:20] for one in versions] == ["What does a day with", "What does one stoppe"]
        assert [one.reason for one in versions] == ["", "A day is too big to believe, an hour they know"]
        assert versions[1].content["proof"][0]["source"] == "Case study Almdal Dairy, Sept 2026"


def test_numbers_are_those_of_their_rows(database: Database, short_story: Story) -> None:
    play(database, short_story)
    with database.reading() as session:
        assert list_drifted(session) == []
        for asked in session.scalars(select(Asked)):
            answers = session.scalars(
                select(Answer).where(Answer.asked_id == asked.id).order_by(Answer.votes.desc(), Answer.created_at)
            ).all()
            assert asked.answer_count == len(answers)
            assert asked.best_answer_id == (asked.chosen_answer_id or answers[0].id)
        votes = session.scalars(select(Vote)).all()
        authors = {row.id: row.author_id for row in session.execute(select(Item.id, Item.author_id))}
        assert all(authors[vote.item_id] != vote.person_id for vote in votes)


def test_people_belong_where_the_story_puts_them_and_one_has_left(database: Database, short_story: Story) -> None:
    play(database, short_story)
    with database.reading() as session:
        dana, priya, sven = (person(session, f"{name}@demo.example") for name in ("dana", "manager", "sven"))
        west = session.scalars(select(Team).where(Team.slug == "west")).one()
        assert (west.manager_id, dana.manager_id) == (priya.id, priya.id)
        member = session.scalars(select(Membership).where(Membership.person_id == dana.id)).one()
        assert (member.team_id, member.since, member.until) == (west.id, dana.created_at, None)
        assert sven.state == "disabled"
        assert {one.state for one in session.scalars(select(Person).where(Person.id != sven.id))} == {"active"}


def test_links_between_pages_name_items_even_those_that_came_later(database: Database, short_story: Story) -> None:
    play(database, short_story)
    with database.reading() as session:
        page = titled(session, "Defending price without discounting")
        linked = set(session.scalars(select(ItemLink.target_id).where(ItemLink.source_id == page.id)))
        assert linked == {
            titled(session, title).id
            for title in ("You are too expensive compared", "Kestrion is cheaper since", "Kestrion at DN 50")
        }
        assert "](objection:" not in "".join(session.scalars(select(Playbook.source)))


def test_words_of_contributors_are_taken_in_by_the_author_and_credited(database: Database, short_story: Story) -> None:
    play(database, short_story)
    with database.reading() as session:
        page, henrik = titled(session, "First week"), person(session, "henrik@demo.example")
        last = list_revisions(session, page.id)[0]
        assert last.author_id == henrik.id
        assert last.reason.startswith("From Leo Tamminen: ")
        credited = set(session.scalars(select(Contributor.person_id).where(Contributor.playbook_id == page.id)))
        assert person(session, "leo@demo.example").id in credited


def test_the_same_data_give_the_same_story(database: Database, short_story: Story) -> None:
    rows = []
    for wanted in ("first", "second"):
        play(database, short_story, wanted)
        with database.reading() as session:
            rows.append(
                sorted(
                    (one.kind, one.title, one.votes, one.version, one.created_at)
                    for one in session.scalars(select(Item))
                )
            )
    assert rows[0] == rows[1]


def test_changed_data_replace_a_company_that_nobody_worked_in(database: Database, short_story: Story) -> None:
    play(database, short_story)
    smaller = replace(short_story, asked=[one for one in short_story.asked if one.kind == "objection"])
    assert state(database, "second") == "outdated"
    built = play(database, smaller, "second")
    assert state(database, "second") == "current"
    assert (built.objections, built.questions) == (3, 0)
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry.act)).all()
    assert acts.count(ACT) == 2, "the audit log forgets nothing"


@pytest.mark.parametrize(
    "work",
    [
        lambda session: find_or_add_tag(session, "new-tag", "topic"),
        lambda session: withdraw_vote(session, *one_vote(session)),
        lambda session: people.set_password(session, None, person(session, "rep@demo.example"), "seven quiet rivers"),
        add_one_vote,
    ],
    ids=["a tag", "a vote taken back", "a password", "a vote"],
)
def test_a_company_that_somebody_worked_in_is_left_alone(
    database: Database, short_story: Story, work: Callable[[Session], object]
) -> None:
    play(database, short_story)
    change(database, work)
    assert state(database) == "current"
    assert state(database, "second") == "worked in"


def test_looking_around_is_no_work(database: Database, short_story: Story) -> None:
    play(database, short_story)
    change(database, lambda session: people.make_mail_link(session, person(session, "rep@demo.example"), "reset"))
    assert state(database, "second") == "outdated"


def test_a_database_of_other_people_is_no_demo(database: Database) -> None:
    given = PersonInput(email="ann@example.com", name="Ann Other", role="admin")
    change(database, lambda session: people.add_person(session, None, given))
    assert state(database) == "other"


def test_a_build_that_breaks_off_leaves_nothing(
    database: Database, short_story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(play: Play, key: str, verified: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("portal.demo.asked.verify", breaks)
    with pytest.raises(KeyboardInterrupt):
        play(database, short_story)
    assert state(database) == "empty"
