"""Under the bar: operators that could follow, the first rows, ways to start, and what is like a title being written."""

import re
from html import unescape
from shutil import rmtree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.features.search import views
from portal.settings import Settings
from portal.shared.finding.pages import StartGroup, StartRow
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.features.search.conftest import Get, House


def fills(page: str) -> list[str]:
    return [unescape(fill) for fill in re.findall(r'data-fill="([^"]*)"', page)]


def test_an_operator_offers_its_values_above_the_rows(get: Get) -> None:
    page = get("/search/suggest", q="meters competitor:")
    assert fills(page) == ["meters competitor:kestrion "]
    assert '<a href="/search?q=meters+competitor:kestrion" data-row' in page
    assert page.index("data-fill") < page.index('class="result"')
    assert 'data-said="1 filter to choose from, 4 results"' in page
    assert "wants a competitor" not in page


def test_each_operator_offers_what_is_there(get: Get) -> None:
    offered = {
        "stage:": ["stage:negotiation "],
        "tag:": ["tag:brewery ", "tag:cfo ", "tag:dairy "],
        "persona:": ["persona:cfo "],
        "category:": ["category:price ", "category:timing "],
        "is:": ["is:unanswered ", "is:verified "],
        "dept:": ["dept:finance ", "dept:legal "],
        "by:": ["by:me "],
        "by:@om": ["by:@omar-haddad "],
        "sort:n": ["sort:new "],
        "type:o": ["type:objection "],
        "worked:>6": ["worked:>60 "],
        "compet": ["competitor:"],
    }
    for query, expected in offered.items():
        assert fills(get("/search/suggest", q=query)) == expected, query
    assert fills(get("/search/suggest", q="tag:dairy")) == []
    assert fills(get("/search/suggest", q="tag:da ")) == []


def test_rows_are_narrowed_by_whole_values_and_not_by_half_ones(get: Get) -> None:
    assert 'data-said="1 filter to choose from, 4 results"' in get("/search/suggest", q="meters tag:dai")
    assert 'data-said="1 result"' in get("/search/suggest", q="meters tag:dairy")


def test_an_unknown_value_is_told_where_nothing_could_follow(get: Get) -> None:
    assert "There is no stage “xyz”" in get("/search/suggest", q="meters stage:xyz")


def test_nothing_found_leads_to_asking_the_team_as_guessed_or_switched(get: Get) -> None:
    page = get("/search/suggest", q="who has zirconium?")
    assert "Nothing found." in page
    assert 'href="/search/ask?title=who%20has%20zirconium%3F&amp;as=question"' in page
    assert 'href="/search/ask?title=who%20has%20zirconium%3F&amp;as=objection"' in page


def test_before_the_first_letter_there_is_nothing_or_ways_to_start(
    client: FlaskClient, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "start_rows", lambda session, actor: ())
    answer = client.get("/search/suggest?q=")
    assert (answer.status_code, answer.text) == (204, "")
    rows = (
        StartRow("too expensive", "/search?q=too+expensive"),
        StartRow("Starred", "/objections/1", "objection", "Objection"),
    )
    monkeypatch.setattr(views, "start_rows", lambda session, actor: (StartGroup("Searched lately", rows),))
    page = get("/search/suggest", q=" ")
    assert "<h2>Searched lately</h2>" in page
    assert '<a href="/search?q=too+expensive" data-row>too expensive</a>' in page
    assert '<span class="kind objection">Objection</span>' in page


def test_what_is_like_a_title_stands_beside_the_form(get: Get, house: House) -> None:
    page = get("/search/similar", title="meters too expansive")
    assert "One like it is here already" in page
    assert f'href="/objections/{house.dear.id}-your-meters-are-too-expensive"' in page
    for title in ("", "   ", "zirconium lids", "meters of zirconium for lids", "quokka merger is secret"):
        assert "<li>" not in get("/search/similar", title=title), title
    for form in ("/objections/new", "/questions/new"):
        assert 'hx-get="/search/similar"' in get(form)


def test_search_goes_on_without_an_index(app: Flask, client: FlaskClient, house: House) -> None:
    services = app.extensions["fieldhouse"]
    services[SearchIndex].close()
    rmtree(services[Settings].index_dir)
    builders.sign_in(client, house.dana)
    for query in ("meters tag:nothing", "meters type:objection", "meters competitor:", "-x", "by:@om"):
        for path in ("/search", "/search/suggest"):
            page = client.get(path, query_string={"q": query})
            assert page.status_code == 200
    page = client.get("/search?q=meters+type:objection").text
    assert "only titles are searched" in page
    assert "We want a discount on meters" in page
    assert "Who signs" not in page
    assert client.get("/search/similar?title=meters").status_code == 200
