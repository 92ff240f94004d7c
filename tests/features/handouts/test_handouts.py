"""Handing out: paper, one HTML file and Markdown say what the page says to this reader, and never an internal line."""

import base64
import re

import pytest
import yaml

from portal.shared.files.store import FileStore
from portal.shared.handouts import exporting
from tests import builders
from tests.features.handouts.conftest import INTERNAL, SECRET
from tests.plugins.statements import count_statements

FORMS = ("/print", "/handout.html", "/handout.md")
STAMP = "Internal version"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["guide", "asked", "path"])
def test_internal_lines_stand_there_only_where_they_were_asked_for(client, shelf, name, form):
    plain, internal = (client.get(shelf.url(name, form + query)) for query in ("", "?internal=yes"))
    assert (plain.status_code, internal.status_code) == (200, 200)
    for words in (INTERNAL, "Ask Marta", "Priya Shah", "Jonas Berg", STAMP + ":"):
        assert words not in plain.text
    assert STAMP in internal.text
    assert (INTERNAL.replace(".", "") in internal.text) == (name != "guide")
    assert client.get(shelf.url(name, form + "?internal=no")).text.count(INTERNAL) == 0


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["guide", "path"])
@pytest.mark.parametrize("query", ["", "?internal=yes"])
def test_what_the_reader_may_not_see_is_named_nowhere(client, shelf, name, form, query):
    text = client.get(shelf.url(name, form + query)).text
    assert SECRET not in text
    assert "Heron" not in text
    assert "an item you cannot see" in text
    assert "Zu teuer für Prüfgeräte" in text
    assert client.get(shelf.url("secret", form + query)).status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_signs_in_first_and_a_shared_screen_is_covered(client, shelf, form):
    builders.post(client, "/screen", {"shared": "yes"})
    for query in ("", "?internal=yes"):
        assert "stop cost" not in client.get(shelf.url("asked", form + query)).text
    builders.post(client, "/logout")
    assert client.get(shelf.url("asked", form + "?internal=yes")).status_code == 303


def test_a_path_holds_all_its_steps_in_order_and_counts_the_visible(client, shelf):
    page = client.get(shelf.url("path", "/print")).text
    assert page.index("<h1>First week</h1>") < page.index("First visit</h2>") < page.index("“Zu teuer")
    assert page.count('class="step"') == 2
    for words in ("Why First visit", "What does one stop cost?", "Two stops avoided (Almdal)", "<li>99.3 %</li>"):
        assert words in page
    assert f'href="#i{shelf.asked.id}"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert f'<h3 id="i{shelf.guide.id}-h-über-uns">' in page
    assert f'href="#i{shelf.guide.id}-h-über-uns"' in page


def test_one_file_holds_everything_and_asks_for_nothing(client, app, shelf):
    answer = client.get(shelf.url("path", "/handout.html"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{shelf.path.id}-first-week.html"'
    data = app.extensions["fieldhouse"][FileStore].read(shelf.picture.sha256)
    assert f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}" alt="plant">' in answer.text
    assert "<style>" in answer.text
    assert not re.search(r'(?:src|href)="/', answer.text)
    assert not re.search(r"<(?:script|link|iframe)\b|@import|url\(", answer.text)
    internal = client.get(shelf.url("asked", "/handout.html?internal=yes"))
    assert "-internal.html" in internal.headers["Content-Disposition"]
    assert "<title>Internal version: " in internal.text


def test_pictures_over_the_limit_are_left_out_by_name(client, shelf, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_PICTURES", 10)
    text = client.get(shelf.url("guide", "/handout.html")).text
    assert "data:image" not in text
    assert "[plant: not in this file]" in text


@pytest.mark.parametrize("form", FORMS)
def test_more_text_than_a_file_may_hold_is_refused_in_words(client, shelf, form, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_TEXT", 50)
    answer = client.get(shelf.url("path", form))
    assert answer.status_code == 422
    assert "Take its parts one by one." in answer.text


def test_markdown_begins_with_front_matter_and_reads_alone(client, shelf):
    text = client.get(shelf.url("guide", "/handout.md")).text
    _, head, body = text.split("---\n", 2)
    front = yaml.safe_load(head)
    assert (front["title"], front["id"], front["kind"], front["tags"]) == (
        "First visit", shelf.guide.id, "playbook", ["dairy"]
    )  # fmt: skip
    assert front["address"] == f"http://localhost/playbooks/{shelf.guide.id}-first-visit"
    assert f'[Zu teuer für Prüfgeräte](http://localhost{shelf.url("asked")} "[[{shelf.asked.id}]]")' in body
    assert f"![plant](http://localhost/files/{shelf.picture.id}/plant.png)" in body
    assert f"`[[{shelf.asked.id}]]`" in body
    answer = client.get(shelf.url("asked", "/handout.md")).text
    assert "## What does one stop cost?" in answer
    assert "**Why they ask:** They compare lists." in answer


@pytest.mark.parametrize(
    "words", ["[a [b] c](item:{0})", "[Heron][x]\n\n[x]: item:{0}", '<a href="item:{0}">Heron</a>']
)
def test_names_that_cannot_be_cut_out_leave_only_plain_words(client, database, shelf, words):
    text = words.format(shelf.secret.id)
    guide = builders.write_playbook(database, shelf.priya, "Odd", f"Before.\n\n{text}\n\nAfter.")
    answer = client.get(f"/playbooks/{guide.id}-odd/handout.md").text
    assert "Heron" not in answer
    assert "Before." in answer
    assert "After." in answer


def test_handouts_cost_few_statements(client, app_database, shelf):
    for name in ("guide", "asked", "path"):
        for form in FORMS[:2]:
            with count_statements(app_database) as counted:
                assert client.get(shelf.url(name, form)).status_code == 200
            assert len(counted) <= 8, counted.statements
            assert not counted.writes


def test_items_of_another_kind_are_not_found(client, shelf):
    for name, plural in (("guide", "objections"), ("asked", "questions"), ("path", "playbooks")):
        assert client.get(f"/{plural}/{getattr(shelf, name).id}/print").status_code == 404
