"""The whole demo company as a visitor meets it: built by one command, found by search, walked through."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.core.db import Database
from portal.demo import walk
from portal.demo.loader import PASSWORD, count_built
from portal.demo.reading import FOLDER, read_story, read_walk
from portal.demo.recognising import recognise
from portal.settings import Settings
from tests.builders import post
from tests.demo.conftest import DemoFolder

pytestmark = pytest.mark.xdist_group("company")


@pytest.fixture(scope="module")
def app(company: DemoFolder) -> Iterator[Flask]:
    settings = Settings.from_env({**company.environment, "PORTAL_DEMO": "on"})
    made = create_app(settings)
    made.testing = True
    yield made
    made.extensions["fieldhouse"][Database].dispose()


@pytest.fixture
def jonas(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.get("/login")
    assert post(client, "/login", {"email": "rep@demo.example", "password": PASSWORD}).status_code == 303
    return client


def test_the_company_answers_this_machine_alone_under_any_server(company: DemoFolder) -> None:
    settings = recognise(Settings.from_env({**company.environment, "PORTAL_DEMO": "off"}))
    assert settings.demo, "known by its database, whatever the environment says"
    client = create_app(settings).test_client()
    assert client.get("/login").status_code == 200
    for address in ("10.0.0.5", "203.0.113.9", "2001:db8::1"):
        assert client.get("/login", environ_base={"REMOTE_ADDR": address}).status_code == 403


def test_company_holds_what_its_data_tell(company: DemoFolder, app: Flask) -> None:
    story = read_story()
    with app.extensions["fieldhouse"][Database].reading() as session:
        built = count_built(session)
    assert built.people == len(story.people) == 48
    assert built.objections + built.questions == len(story.asked)
    assert built.answers == sum(len(asked.answers) for asked in story.asked)
    assert built.playbooks == len(story.playbooks) == 27
    wanted = sum(answer.useful for asked in story.asked for answer in asked.answers)
    wanted += sum(playbook.useful for playbook in story.playbooks)
    assert built.votes == wanted


def test_index_counts_and_everything_else_are_in_order(company: DemoFolder) -> None:
    for words in (("search", "check"), ("counts", "check"), ("db", "check"), ("check",)):
        said = company.portal(*words)
        assert said.exit_code == 0, said.output


def test_a_second_build_changes_nothing(company: DemoFolder) -> None:
    before = (company.path / "portal.db").read_bytes()
    said = company.portal("demo")
    assert said.stdout == "The demo company stands as its data tell it.\n"
    assert (company.path / "portal.db").read_bytes() == before


def test_a_lost_index_is_built_again(company: DemoFolder) -> None:
    (company.path / "index" / "current.json").unlink()
    assert company.portal("demo").exit_code == 0
    assert company.portal("search", "check").exit_code == 0


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("too exp", "You are too expensive compared with Kestrion"),
        ("kestrn cheaper", "Kestrion is cheaper since the price cut"),
        ("way above what the other lot sent us", "You are too expensive compared with Kestrion"),
        ("who signs 60 days", "Who signs 60-day terms"),
    ],
)
def test_words_of_buyers_find_the_words_to_say(company: DemoFolder, words: str, title: str) -> None:
    said = company.portal("search", "query", words, "--as", "rep@demo.example", "--json", "--limit", "3")
    hits = json.loads(said.stdout)["hits"]
    assert title in [hit["title"][: len(title)] for hit in hits]
    assert all(hit["say_this"] for hit in hits if hit["kind"] == "objection")


def test_what_stands_in_a_file_alone_leads_to_the_page_that_gives_it(company: DemoFolder, jonas: FlaskClient) -> None:
    said = company.portal(
        "search", "query", "peracetic acid seal", "--as", "rep@demo.example", "--json", "--limit", "1"
    )
    hit = json.loads(said.stdout)["hits"][0]
    assert hit["title"] == "First visit to a dairy"
    assert hit["snippet"].startswith("seals-and-cleaning-agents.csv: ")
    assert "Peracetic acid" in hit["snippet"]
    path, _, anchor = hit["url"].partition("#")
    assert f'<li id="{anchor}"><a class="link" href="/files/1">' in jonas.get(path).text
    assert b"EPDM" in jonas.get("/files/1", buffered=True).data


def test_each_link_of_the_walk_shows_what_it_promises(jonas: FlaskClient) -> None:
    pages = {step.link: jonas.get(step.link) for step in read_walk(FOLDER) if step.who == "jonas"}
    assert {page.status_code for page in pages.values()} == {200}
    first, second, third = (re.sub(r"</?(mark|em)>", "", page.text) for page in pages.values())
    assert "What does one stopped filler" in first
    assert "Case study Almdal Dairy" in first
    assert "Showing results for kestrion cheaper" in second
    assert "Kestrion is cheaper since the price cut" in second
    assert "No row has all of these words" in third
    assert "Ask the team" in third


def test_monday_begins_with_what_was_reported_and_shows_what_was_decided(app: Flask) -> None:
    priya, ana = app.test_client(), app.test_client()
    for client, mail in ((priya, "manager@demo.example"), (ana, "ana@demo.example")):
        client.get("/login")
        assert post(client, "/login", {"email": mail, "password": PASSWORD}).status_code == 303
    page = priya.get("/monday").text
    assert "only the rings were missing" in page
    assert re.search(r"<b>4</b> flagged</a>", page)
    assert "risk 20 = (1 + 4 opened) × (1 + " in page
    assert "45 days need the sales manager alone" in ana.get("/me/reports").text


def test_walk_and_sign_ins_name_people_of_the_company(app: Flask) -> None:
    with app.extensions["fieldhouse"][Database].reading() as session:
        assert [person.name.split()[0] for person in walk.list_sign_ins(session)] == ["Jonas", "Priya", "Tom", "Wiebke"]
    lines = list(walk.lines("http://localhost:1"))
    assert lines[0].startswith("1. Jonas types ")
    assert lines[1] == "   http://localhost:1/search?q=too+exp"


def test_a_demo_database_is_never_served_to_other_machines(company: DemoFolder) -> None:
    said = company.portal("run", PORTAL_HOST="0.0.0.0", PORTAL_BASE_URL="http://portal.example.com")
    assert said.exit_code == 1
    assert said.stderr == "PORTAL_HOST: the demo company listens on 127.0.0.1 alone; its passwords are public.\n"
