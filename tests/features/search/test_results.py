"""The page of results: chips, facets, replaced words, what a row lacks, and the box that asks the team."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.features.search.conftest import Get, House


def plain(page: str) -> str:
    """The words of a page's middle."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_each_active_operator_is_a_chip_that_can_be_taken_away(get: Get) -> None:
    page = get("/search", q='meters type:objection "too expensive" -rebate by:me')
    chips = re.findall(r'<a class="chip on" href="([^"]+)">.*?</span>([^<]+)<', page)
    assert [(url.replace("&#34;", '"'), text.strip()) for url, text in chips] == [
        ("/search?q=meters+%22too+expensive%22+-rebate+by:me", "type: Objections"),
        ("/search?q=meters+type:objection+-rebate+by:me", "“too expensive”"),
        ("/search?q=meters+type:objection+%22too+expensive%22+by:me", "without “rebate”"),
        ("/search?q=meters+type:objection+%22too+expensive%22+-rebate", "by: me"),
    ]


def test_facets_count_what_can_be_seen_and_set_and_clear_themselves(get: Get) -> None:
    page = get("/search", q="meters")
    facets = page.partition('class="facets"')[2].partition("</nav>")[0]
    assert re.findall(r"<h2>(\w+)</h2>", facets) == ["Kind", "Category", "Competitor", "Stage", "Tag", "State"]
    assert '<a href="/search?q=meters+type:objection">Objections <span>2</span></a>' in facets
    assert "<span>0</span>" not in facets
    chosen = get("/search", q='meters TYPE:"objections" stage:negotiation')
    assert '<a href="/search?q=meters+stage:negotiation" aria-current="true">Objections <span>1</span>' in chosen


def test_long_facets_fold_after_seven(get: Get, app: Flask, app_database: Database, house: House) -> None:
    for number in range(9):
        builders.ask_objection(app_database, house.omar, f"Meters {number}", tags=(f"tag-{number}",))
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    facets = get("/search", q="meters tag:tag-8").partition("<h2>Tag</h2>")[2].partition("<h2>")[0]
    shown, folded = facets.split("<details>")
    assert shown.count("<li>") == 7
    assert 'aria-current="true">tag-8' in shown
    assert "<summary>5 more" in folded
    assert folded.count("<li>") == 5


def test_a_replaced_word_is_told_and_can_be_searched_as_typed(get: Get) -> None:
    page = get("/search", q="discuont")
    assert "Showing results for discount · Search instead for discuont" in plain(page)
    assert 'href="/search?q=%22discuont%22"' in page
    assert "We want a <mark>discount</mark> on meters" in page
    literal = get("/search", q='"discuont"')
    assert "Nothing found for “discuont”" in plain(literal)
    assert "Showing results for" not in plain(literal)
    assert "Similar" in plain(literal)
    assert "Showing results for" not in plain(get("/search", q="disc"))


def test_a_heading_says_that_no_row_has_all_words_and_each_row_what_it_lacks(get: Get) -> None:
    page = get("/search", q="expensive zirconium")
    assert "No row has all of these words" in page
    assert "<i>without: zirconium</i>" in page
    assert "No row has all of these words" not in get("/search", q="too expensive")


def test_where_nothing_is_found_the_box_asks_the_team_with_the_query(get: Get) -> None:
    page = get("/search", q="zirconium lids? type:objection")
    assert "Nothing found for “zirconium lids?”" in plain(page)
    assert 'name="title" value="zirconium lids?"' in page
    assert re.search(r'value="question" checked', page)
    assert "Or ask a department: Finance , Legal" in plain(page)
    legal = get("/search", q="the legal zirconium question")
    assert "Or ask a department: Legal" in plain(legal)
    assert re.search(r'value="objection" checked', legal)


def test_filters_that_leave_nothing_say_so_without_asking_the_team(get: Get) -> None:
    page = get("/search", q="is:draft")
    assert "Nothing that you may read is left by these filters" in page
    assert "/search/ask" not in page


def test_a_search_for_nothing_tells_how_to_search(get: Get) -> None:
    page = get("/search", q="  ")
    assert "What did the buyer say?" in page
    assert "<dt>competitor:</dt>" in page


def test_the_box_leads_to_the_form_that_fits(client: FlaskClient, get: Get) -> None:
    for given, form in (
        ("question", "questions"),
        ("objection", "objections"),
        ("nonsense", "objections"),
        ("", "objections"),
    ):
        answer = client.get("/search/ask", query_string={"as": given, "title": "Lids & caps?"})
        assert (answer.status_code, answer.location) == (303, f"/{form}/new?title=Lids+%26+caps%3F")
    assert 'value="Lids &amp; caps?"' in get("/questions/new", title="Lids & caps?")


def test_scripts_in_a_query_stay_text_everywhere(get: Get) -> None:
    evil = "<script>alert(1)</script>"
    for query in (evil, f'"{evil}"', f"-{evil}", f'stage:"{evil}"', f"by:{evil}", f"meters {evil}", f'tag:"{evil}'):
        for path in ("/search", "/search/suggest"):
            assert evil not in get(path, q=query), query
    assert evil not in get("/search/similar", title=f"meters are too expensive {evil}")


@pytest.mark.parametrize("path", ["/search?q=x", "/search/suggest?q=x", "/search/similar?title=x", "/search/ask"])
def test_strangers_sign_in_first(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 303
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 401
    assert client.post(path).status_code == 405
