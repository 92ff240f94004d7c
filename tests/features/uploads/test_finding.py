"""A file is found by its words, as part of whatever shows it, by those who may read that, and by nobody else."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import Database
from portal.features.objections import documents as objection_documents
from portal.features.playbooks import documents as playbook_documents
from portal.shared.files import extracting, operations
from portal.shared.files.models import FileText
from portal.shared.files.store import FileStore
from portal.shared.finding.finder import Finder
from portal.shared.finding.pages import ResultList
from portal.shared.finding.syntax import read
from portal.shared.items.operations import hide_item, restore_item
from portal.shared.people.models import Person
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.features.search.conftest import add_competitor
from tests.plugins.statements import count_statements
from tests.shared.files import samples, worded

PRICES = worded.pdf("General terms of the house", "Ball valve PN 40 with fire-safe stem, Größe DN 80, 412 EUR")
Search = Callable[..., ResultList]


@pytest.fixture
def dana(client: FlaskClient, database: Database) -> Person:
    """A manager, signed in; managers may write playbooks."""
    person = builders.add_person(database, role="manager")
    builders.sign_in(client, person)
    return person


@pytest.fixture
def omar(database: Database) -> Person:
    """A colleague who looks for things."""
    return builders.add_person(database, "Omar Haddad")


@pytest.fixture
def search(app: Flask, database: Database, omar: Person) -> Search:
    """Search as Omar or somebody else, when all jobs are done."""

    def rows(words: str, person: Person = omar) -> ResultList:
        builders.drain(app)
        finder: Finder = app.extensions["fieldhouse"][Finder]
        finder.index.refresh()
        actor = builders.actor_of(database, person)
        with database.reading() as session:
            return finder.search(session, actor, read(words))

    return rows


def upload(client: FlaskClient, name: str = "price-list.pdf", data: bytes = PRICES) -> str:
    """Put a file in; its Markdown."""
    answer = builders.post(
        client, "/files", {"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data", headers={"Accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    return str(answer.json["markdown"])


def test_a_playbook_is_found_by_the_words_of_its_file(
    client: FlaskClient, database: Database, dana: Person, search: Search
) -> None:
    assert search("fire safe stem").total == 0
    playbook = builders.write_playbook(database, dana, "Valves", f"Ask first. {upload(client)}", tags=("valves",))
    found = search("fire safe stem")
    assert [(row.title, row.kind) for row in found.rows] == [("Valves", "playbook")]
    row = found.rows[0]
    assert row.snippet_html.startswith("<b>price-list.pdf</b>: ")
    assert "<mark>fire</mark>-<mark>safe</mark>" in row.snippet_html
    assert row.url == f"/playbooks/{playbook.id}-valves#file-{playbook.id}-1"
    assert f'<li id="file-{playbook.id}-1">' in client.get(row.url).text
    assert [group.title for group in found.facets if group.choices]
    assert search("fire safe stem tag:valves type:playbook").total == 1
    assert search("Größe 80").total == search("groesse dn").total == 1


def test_a_file_is_found_by_its_name_and_with_words_of_its_item(
    client: FlaskClient, database: Database, dana: Person, search: Search
) -> None:
    builders.write_playbook(database, dana, "Valves", f"Ask first. {upload(client)}")
    assert [row.title for row in search("price list").rows] == ["Valves"]
    together = search("valves stem")
    assert together.complete
    assert "price-list.pdf" in together.rows[0].snippet_html
    assert search("valves").rows[0].url.endswith("-valves"), "its own words lead to the item itself"


def test_places_of_an_item_are_one_row(client: FlaskClient, database: Database, dana: Person, search: Search) -> None:
    long = worded.docx(worded.paragraphs(*(f"Gasket number {at} for the stem " + "of steel " * 30 for at in range(40))))
    builders.write_playbook(database, dana, "Valves", f"A stem. {upload(client)} {upload(client, 'a.docx', long)}")
    found = search("stem")
    assert found.total == 1
    assert found.rows[0].folded.endswith(" more places")


def test_an_answers_file_leads_to_what_it_answers(
    client: FlaskClient, database: Database, dana: Person, search: Search
) -> None:
    asked = builders.ask_objection(database, dana, "Too expensive", text=upload(client, "their-offer.pdf"))
    answer = builders.post_answer(database, dana, asked, "It pays back", text=upload(client))
    found = search("fire safe stem")
    assert found.total == 1
    row = found.rows[0]
    assert (row.kind, row.title, row.say) == ("objection", "Too expensive", "It pays back")
    assert row.url in {f"/objections/{asked.id}-too-expensive#file-{asked.id}-1",
                       f"/objections/{asked.id}-too-expensive#file-{answer.id}-2"}  # fmt: skip
    shown = client.get("/search?q=fire safe stem").text
    assert "<b>price-list.pdf</b>: " in shown or "<b>their-offer.pdf</b>: " in shown
    page = client.get(row.url).text
    assert f'id="file-{asked.id}-1"' in page
    assert f'id="file-{answer.id}-2"' in page
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, dana), answer.id)
        session.commit()
    assert search("fire safe stem").rows[0].url.endswith(f"#file-{asked.id}-1")


def test_who_may_not_read_the_item_finds_nothing_and_is_told_nothing(
    app: Flask, client: FlaskClient, database: Database, dana: Person, omar: Person, search: Search
) -> None:
    legal = builders.add_department(database, "Legal")
    elif_ = builders.add_person(database, "Elif Karaca", department=legal)
    builders.write_playbook(database, dana, "Valves", upload(client), audience=(f"dep:{legal.id}",))
    assert search("fire safe stem", elif_).total == 1
    found = search("fire safe stem")
    assert (found.total, found.rows) == (0, ())
    assert not any(group.choices for group in found.facets)
    assert found.replaced is None
    actor = builders.actor_of(database, omar)
    finder: Finder = app.extensions["fieldhouse"][Finder]
    assert not finder.index.words("ste", actor.audiences)
    with database.reading() as session:
        offered, suggested = finder.suggest(session, actor, read("fire saf"))
    assert (offered, suggested.rows, suggested.total) == ((), (), 0)


def test_an_own_upload_that_nothing_shows_is_found_by_nobody(client: FlaskClient, dana: Person, search: Search) -> None:
    upload(client)
    assert search("fire safe stem", dana).total == 0


def test_a_file_leaves_the_index_with_its_item_and_with_the_text(
    client: FlaskClient, database: Database, dana: Person, search: Search
) -> None:
    actor, playbook = builders.actor_of(database, dana), builders.write_playbook(database, dana, text=upload(client))
    assert search("stem").total == 1
    for act, total in ((hide_item, 0), (restore_item, 1)):
        with database.writing() as session:
            act(session, actor, playbook.id)
            session.commit()
        assert search("stem").total == total
    builders.edit_playbook(database, dana, playbook, "Nothing to look up.")
    assert search("stem").total == 0


def test_a_row_is_left_out_when_its_file_was_taken_away_a_moment_ago(
    app: Flask, client: FlaskClient, database: Database, dana: Person, omar: Person, search: Search
) -> None:
    playbook = builders.write_playbook(database, dana, text=f"Look: {upload(client)}")
    assert search("stem").total == 1
    builders.edit_playbook(database, dana, playbook, "Nothing to look up.")
    finder: Finder = app.extensions["fieldhouse"][Finder]
    with database.reading() as session:
        found = finder.search(session, builders.actor_of(database, omar), read("stem"))
    assert (found.total, found.rows) == (0, ())


@pytest.mark.parametrize("comes_first", ["file", "item"])
def test_words_and_item_may_come_in_either_order(
    app: Flask, client: FlaskClient, database: Database, dana: Person, search: Search, comes_first: str
) -> None:
    shown = upload(client)
    if comes_first == "file":
        builders.drain(app)
    builders.write_playbook(database, dana, text=shown)
    assert search("stem").total == 1


def test_a_broken_file_is_noted_and_stops_nothing(
    client: FlaskClient, database: Database, dana: Person, search: Search
) -> None:
    shown = [
        upload(client, "torn.pdf", b"%PDF-1.7\nnothing\n%%EOF\n"),
        upload(client, "locked.pdf", worded.pdf("secret stem", password="sesame")),
        upload(client),
    ]
    playbook = builders.write_playbook(database, dana, text=" ".join(shown))
    assert "price-list.pdf" in search("stem").rows[0].snippet_html
    page = client.get(f"/playbooks/{playbook.id}-{playbook.slug}").text
    assert "PDF, 23 bytes · not searchable: damaged" in page
    assert "not searchable: protected by a password" in page
    assert page.count("not searchable") == 2
    with database.reading() as session:
        notes = session.scalars(select(FileText.note).order_by(FileText.file_id)).all()
    assert notes == [extracting.DAMAGED, extracting.LOCKED, ""]


def test_bytes_that_are_gone_are_noted(app: Flask, client: FlaskClient, database: Database, dana: Person) -> None:
    upload(client)
    store = app.extensions["fieldhouse"][FileStore]
    assert store.sweep(set(), older_than=-1) == 1
    operations.read_file(database, store, 1)
    operations.read_file(database, store, 999)
    with database.reading() as session:
        assert session.scalars(select(FileText.note)).all() == [extracting.MISSING]


def test_what_was_never_read_is_asked_for_in_the_night(
    app: Flask, client: FlaskClient, database: Database, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(client)
    upload(client, "a.zip", samples.package({"a.txt": "x"}))
    builders.drain(app)
    with database.writing() as session:
        assert operations.ask_for_texts(session) == 0
    monkeypatch.setattr("portal.shared.files.queries.VERSION", extracting.VERSION + 1)
    with database.writing() as session:
        assert operations.ask_for_texts(session) == 1


def test_pictures_are_neither_read_nor_listed(
    client: FlaskClient, database: Database, dana: Person, app: Flask
) -> None:
    playbook = builders.write_playbook(database, dana, text=upload(client, "a.png", samples.picture()))
    builders.drain(app)
    assert 'class="files"' not in client.get(f"/playbooks/{playbook.id}-{playbook.slug}").text
    with database.reading() as session:
        assert session.scalars(select(FileText)).all() == []


def test_documents_and_rows_cost_one_statement_more(
    app: Flask, client: FlaskClient, database: Database, dana: Person, search: Search
) -> None:
    ids = [builders.write_playbook(database, dana, text=f"{number} {upload(client)}").id for number in range(3)]
    asked = [builders.ask_objection(database, dana, f"Number {n}", text=upload(client)).id for n in range(3)]
    assert search("stem").total == 6
    for load, wanted, most in (
        (playbook_documents.load_documents, ids, 6), (objection_documents.load_documents, asked, 7)
    ):  # fmt: skip
        with count_statements(database) as counted, database.reading() as session:
            found = load(session, wanted)
        assert len(counted) <= most, counted.statements
        assert len(found) == 6
        assert len({one.key for one in found}) == 6
    with count_statements(database) as counted:
        assert search("stem").total == 6
    assert len([one for one in counted.statements if "stored_file" in one]) == 2


def test_on_a_shared_screen_no_competitor_is_named_by_a_file(
    app: Flask, client: FlaskClient, database: Database, dana: Person
) -> None:
    add_competitor(database, dana, "Kestrion")
    markdown = upload(client, "kestrion-prices.pdf", worded.pdf("Kestrion asks more for a stem"))
    playbook = builders.write_playbook(database, dana, "Valves", f"Look: {markdown}")
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    assert "kestrion" in client.get("/search?q=stem", follow_redirects=True).text.lower()
    builders.post(client, "/screen", {"shared": "yes"})
    for path in ("/search?q=stem", f"/playbooks/{playbook.id}-valves"):
        text = client.get(path, follow_redirects=True).text
        assert "a competitor-prices.pdf" in text
        assert "kestrion" not in text.lower()
