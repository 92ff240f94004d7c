"""People and tags are found by name, and nobody finds what they may not see."""

from flask import Flask

from portal.cli.context import Context
from portal.core.db import Database
from portal.features.directory.documents import load_people, load_tags
from portal.settings import Settings
from portal.shared.finding.syntax import read
from portal.shared.items.operations import hide_item, restore_item
from portal.shared.people import operations
from portal.shared.people.models import Department, Person, Team
from portal.shared.search_index.engine import SearchIndex
from portal.shared.tags.queries import list_tags
from tests.builders import actor_of, add_department, add_person, add_team, add_vocabularies, ask_objection, drain
from tests.plugins.statements import count_statements


def find(app: Flask, database: Database, person: Person, words: str) -> list[tuple[str, str]]:
    """Kinds and addresses of what somebody finds, best first."""
    services = app.extensions["fieldhouse"]
    finder = Context(services[Settings], services).finder
    services[SearchIndex].refresh()
    with database.reading() as session:
        rows = finder.search(session, actor_of(database, person), read(words)).rows
    return [(row.kind, row.url) for row in rows]


def test_people_are_found_by_name_title_and_place(app: Flask, app_database: Database) -> None:
    sales = add_department(app_database, "Sales")
    dana = add_person(
        app_database, "Dana Özil", email="d@example.com", title="Star of dairies", department=sales,
        team=add_team(app_database, "West", sales),
    )  # fmt: skip
    drain(app)
    for words in ("dana", "özil", "oezil", "dairies", "sales", "type:person west", "dept:sales dana"):
        assert ("person", f"/people/{dana.id}-dana-oezil") in find(app, app_database, dana, words), words


def test_whoever_is_disabled_is_found_no_more(app: Flask, app_database: Database) -> None:
    dana, sven = add_person(app_database), add_person(app_database, "Sven Ackeby")
    drain(app)
    assert find(app, app_database, dana, "sven")
    with app_database.writing() as session:
        operations.disable_person(session, None, session.get_one(Person, sven.id))
        session.commit()
    assert not find(app, app_database, dana, "sven"), "before the index knows it, the database does"
    drain(app)
    with app_database.reading() as session:
        assert load_people(session, [sven.id]) == []


def test_tag_is_for_those_who_can_read_something_that_bears_it(app: Flask, app_database: Database) -> None:
    legal = add_department(app_database, "Legal")
    elif_, dana = add_person(app_database, "Elif Karaca", "manager", department=legal), add_person(app_database)
    add_vocabularies(app_database)
    asked = ask_objection(
        app_database, elif_, "Who signs?", "question", tags=("secret-merger",), audience=(f"dep:{legal.id}",)
    )
    drain(app)
    assert ("tag", "/search?q=tag:secret-merger") in find(app, app_database, elif_, "merger")
    assert find(app, app_database, dana, "merger") == []
    ask_objection(app_database, dana, "Is there a merger?", "question", tags=("secret-merger",))
    drain(app)
    assert ("tag", "/search?q=tag:secret-merger") in find(app, app_database, dana, "merger")
    assert asked.id


def test_tag_follows_its_items_out_of_view_and_back(app: Flask, app_database: Database) -> None:
    priya = add_person(app_database, "Priya Raman", "manager")
    add_vocabularies(app_database)
    asked = ask_objection(app_database, priya, "Who signs?", "question", tags=("wash-down",))
    actor = actor_of(app_database, priya)
    drain(app)
    assert ("tag", "/search?q=tag:wash-down") in find(app, app_database, priya, "wash-down")
    for act, documents in ((hide_item, 0), (restore_item, 1)):
        with app_database.writing() as session:
            act(session, actor, asked.id)
            session.commit()
        drain(app)
        with app_database.reading() as session:
            assert len(load_tags(session, [tag.id for tag in list_tags(session)])) == documents
        services = app.extensions["fieldhouse"]
        assert Context(services[Settings], services).indexer.compare().is_none, act


def test_people_follow_their_places_when_these_are_renamed(app: Flask, app_database: Database) -> None:
    sales = add_department(app_database, "Sales")
    west = add_team(app_database, "West", sales)
    dana = add_person(app_database, department=sales, team=west)
    drain(app)
    with app_database.writing() as session:
        operations.rename_department(session, None, session.get_one(Department, sales.id), "Selling", "")
        operations.change_team(
            session, None, session.get_one(Team, west.id), name="Sunset", department_id=sales.id, manager_id=None
        )
        session.commit()
    drain(app)
    assert find(app, app_database, dana, "selling sunset dept:selling")
    services = app.extensions["fieldhouse"]
    assert Context(services[Settings], services).indexer.compare().is_none


def test_many_people_take_as_many_statements_as_one(app: Flask, app_database: Database) -> None:
    ids = [add_person(app_database, f"Person {number}").id for number in range(6)]
    used = []
    for some in (ids[:1], ids):
        with count_statements(app_database) as counted, app_database.reading() as session:
            assert len(load_people(session, some)) == len(some)
        used.append(len(counted))
    assert used == [2, 2]
