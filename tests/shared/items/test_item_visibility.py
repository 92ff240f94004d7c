"""Who may see what: status, audience, hiding and one's own, in every query that starts from `visible_to`."""

import itertools

import pytest
from sqlalchemy import select, text

from portal.core import clock
from portal.core.db import Database
from portal.shared.items import policy
from portal.shared.items.models import STATUSES, Item
from portal.shared.items.queries import OPEN_STATUSES, find_item, find_links, url_of, visible_to
from portal.shared.people.models import Person
from tests.builders import actor_of, add_department, add_person, add_team, ask_objection, post_answer
from tests.plugins.statements import count_statements


@pytest.fixture
def people(database: Database) -> dict[str, Person]:
    """The author, a colleague of the team, one of the department, and one of elsewhere."""
    sales, service = add_department(database, "Sales"), add_department(database, "Service")
    north = add_team(database, "North", sales)
    return {
        "author": add_person(database, "Dana Ruiz", department=sales, team=north),
        "team": add_person(database, "Tom Team", department=sales, team=north),
        "department": add_person(database, "Dora Department", department=sales),
        "elsewhere": add_person(database, "Eli Elsewhere", department=service),
        "manager": add_person(database, "Mara Manager", "manager", department=service),
        "admin": add_person(database, "Ada Admin", "admin", department=service),
    }


def seen_by(database: Database, people: dict[str, Person], item_id: int) -> list[str]:
    with database.reading() as session:
        return [
            name
            for name, person in people.items()
            if find_item(session, actor_of(database, person), item_id) is not None
        ]


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ((), ["author", "team", "department", "elsewhere", "manager", "admin"]),
        (("all",), ["author", "team", "department", "elsewhere", "manager", "admin"]),
        (("dep",), ["author", "team", "department"]),
        (("team",), ["author", "team"]),
        (("team", "elsewhere"), ["author", "team", "elsewhere"]),
        (("author",), ["author"]),
    ],
)
def test_an_item_is_seen_by_its_audience_alone(
    database: Database, people: dict[str, Person], audience: tuple[str, ...], readers: list[str]
) -> None:
    marks = {
        "all": "all",
        "dep": f"dep:{people['author'].department_id}",
        "team": "team:1",
        "author": f"person:{people['author'].id}",
        "elsewhere": f"person:{people['elsewhere'].id}",
    }
    asked = ask_objection(database, people["author"], audience=tuple(marks[name] for name in audience))
    assert seen_by(database, people, asked.id) == readers


def test_what_is_not_open_is_seen_by_author_and_owner_alone(database: Database, people: dict[str, Person]) -> None:
    asked = ask_objection(database, people["author"])
    for status in STATUSES:
        with database.writing() as session:
            row = session.get_one(Item, asked.id)
            row.status, row.owner_id = status, people["team"].id
            session.commit()
        readers = list(people) if status in OPEN_STATUSES else ["author", "team"]
        assert seen_by(database, people, asked.id) == readers, status


def test_what_is_hidden_is_seen_by_nobody(database: Database, people: dict[str, Person]) -> None:
    asked = ask_objection(database, people["author"])
    with database.writing() as session:
        session.get_one(Item, asked.id).hidden_at = clock.now()
        session.commit()
    assert seen_by(database, people, asked.id) == []


def test_an_item_for_nobody_is_seen_by_nobody(database: Database, people: dict[str, Person]) -> None:
    asked = ask_objection(database, people["author"])
    with database.writing() as session:
        session.execute(text("DELETE FROM item_audience"))
        session.commit()
    assert seen_by(database, people, asked.id) == []


def test_moving_elsewhere_closes_and_opens_items_at_once(database: Database, people: dict[str, Person]) -> None:
    asked = ask_objection(database, people["author"], audience=(f"dep:{people['author'].department_id}",))
    with database.writing() as session:
        session.get_one(Person, people["department"].id).department_id = people["elsewhere"].department_id
        session.get_one(Person, people["elsewhere"].id).department_id = people["author"].department_id
        session.commit()
    assert seen_by(database, people, asked.id) == ["author", "team", "elsewhere"]


def test_lists_and_counts_see_what_single_looks_see(database: Database, people: dict[str, Person]) -> None:
    marks = ["all", "dep:1", "dep:2", "team:1", f"person:{people['elsewhere'].id}"]
    pairs = itertools.combinations(marks, 2)
    items = [ask_objection(database, people["author"], f"Of {pair}", audience=pair) for pair in pairs]
    for name, person in people.items():
        actor = actor_of(database, person)
        with database.reading() as session:
            listed = session.scalars(select(Item.id).where(visible_to(actor)).order_by(Item.id)).all()
        assert listed == [one.id for one in items if name in seen_by(database, people, one.id)]
        assert len(listed) == len(set(listed))


def test_links_are_filled_for_what_the_reader_may_see_in_one_statement(database: Database, people) -> None:
    author, reader = people["author"], actor_of(database, people["elsewhere"])
    open_, closed = ask_objection(database, author, "Open"), ask_objection(database, author, "C", audience=("dep:1",))
    answer = post_answer(database, people["team"], open_)
    with database.reading() as session, count_statements(database) as counted:
        found = find_links(session, reader, [closed.id, open_.id, open_.id, answer.id, 999])
        assert found == {open_.id: (f"/objections/{open_.id}-open", "Open")}
        assert len(counted) == 1
        assert find_links(session, reader, []) == {}
        assert len(counted) == 1


def test_an_id_that_no_row_could_bear_is_no_link_and_no_error(database: Database, people: dict[str, Person]) -> None:
    with database.reading() as session:
        assert find_links(session, actor_of(database, people["author"]), [2**31, 10**17, 10**30]) == {}


def test_an_address_is_made_of_kind_id_and_slug() -> None:
    assert url_of("question", 7, "who-signs") == "/questions/7-who-signs"
    assert url_of("playbook", 7, "") == "/playbooks/7"
    with pytest.raises(KeyError):
        url_of("answer", 7, "")


def test_what_somebody_may_do_reads_like_a_table(database: Database, people: dict[str, Person]) -> None:
    asked = ask_objection(database, people["author"])
    with database.reading() as session:
        item = session.get_one(Item, asked.id)
    allowed = {
        may.__name__: [name for name, person in people.items() if may(actor_of(database, person), item)]
        for may in (policy.is_own, policy.may_edit, policy.may_hide)
    }
    assert allowed == {
        "is_own": ["author"],
        "may_edit": ["author", "manager"],
        "may_hide": ["manager", "admin"],
    }
    item.status = "draft"
    assert policy.may_hide(actor_of(database, people["author"]), item)
