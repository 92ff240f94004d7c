"""Jonas on a call: from one key to the words, without leaving the page he is on."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.stories.company import INTERNAL, SAY, SECOND_SAY, Company
from tests.stories.conftest import OpenWindow


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Jonas's window; his browser lets the portal copy, and the story look at what was copied."""
    return open_window(company.jonas, permissions=["clipboard-read", "clipboard-write"])


def ask(page: Page, words: str) -> Locator:
    """Type as on a call; returns the rows under the bar."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    rows = page.locator(".suggestions [data-row]")
    expect(rows.first).to_be_visible()
    expect(rows.first).to_contain_text(SAY)
    return rows


def copied(page: Page) -> str:
    text = page.evaluate("navigator.clipboard.readText()")
    assert isinstance(text, str)
    return text


def size_of(one: Locator) -> float:
    return float(one.evaluate("element => parseFloat(getComputedStyle(element).fontSize)"))


def test_search_is_one_key_away_from_everywhere(page: Page, company: Company) -> None:
    for place in ("/", company.dear_url, "/people", "/me"):
        page.goto(place)
        for key in ("/", "Control+k"):
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press(key)
            expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("")


def test_the_words_to_say_stand_under_the_bar_larger_than_the_title(page: Page, company: Company) -> None:
    page.goto("/people")
    rows = ask(page, "too exp")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="2 results")).to_have_count(1)
    first = rows.first
    expect(first.locator(".say")).to_have_text(SAY)
    expect(first).to_contain_text("Two stops a year avoided")
    assert size_of(first.locator(".say")) > size_of(first.locator("h2"))
    assert page.url.endswith("/people")


def test_keys_move_copy_open_and_close(page: Page, company: Company) -> None:
    page.goto("/people")
    rows = ask(page, "too exp")
    search = page.get_by_role("searchbox", name="Search")
    for key, place in (("ArrowDown", 0), ("j", 1), ("k", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(rows.nth(place)).to_have_attribute("aria-current", "true")
    page.keyboard.press("c")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    assert copied(page) == SAY
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(rows.nth(1).locator("[data-copy]")).to_have_attribute("data-done", "Copied")
    assert copied(page) == SECOND_SAY
    page.keyboard.press("Escape")
    expect(page.locator(".suggestions")).to_be_hidden()
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()
    ask(page, "too exp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{company.dear_url}")


def test_the_page_of_results_and_the_page_of_an_objection_obey_the_same_keys(page: Page, company: Company) -> None:
    page.goto("/search?q=too+expensive")
    rows = page.locator("main [data-row]")
    expect(rows.first).to_have_attribute("aria-current", "true")
    page.keyboard.press("c")
    expect(rows.first.locator("[data-copy]")).to_have_attribute("data-done", "Copied")
    assert copied(page) == SAY
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{company.dear_url}")
    page.keyboard.press("c")
    expect(page.locator("[data-copy]").first).to_have_attribute("data-done", "Copied")
    assert copied(page) == SAY


def test_internal_lines_are_marked_and_in_nothing_that_can_be_copied(page: Page, company: Company) -> None:
    page.goto(company.dear_url)
    expect(page.locator(".internal").first).to_contain_text("Internal: for us, not for the buyer.")
    expect(page.locator(".internal").first).to_contain_text(INTERNAL)
    for place in (company.dear_url, "/search?q=too+expensive", "/objections"):
        page.goto(place)
        buttons = page.locator("[data-copy]")
        assert buttons.count() > 1
        for button in buttons.all():
            button.click()
            expect(button).to_have_attribute("data-done", "Copied")
            assert INTERNAL not in copied(page)
    page.goto("/search?q=floor+is+four+percent")
    expect(page.locator("main [data-row]").filter(has_text=SAY)).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text(INTERNAL)


def test_a_late_answer_never_replaces_a_newer_one(page: Page, company: Company) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/search/suggest\?q=too$"), hold)
    page.goto("/")
    page.keyboard.press("/")
    with page.expect_request(re.compile(r"/search/suggest\?q=too$")):
        page.keyboard.type("too")
    page.keyboard.type(" expensive for something")
    rows = page.locator(".suggestions [data-row]")
    expect(rows.first.locator(".say")).to_have_text(SECOND_SAY)
    for route in held:
        route.fulfill(body="<p class=late>An older answer</p>", content_type="text/html")
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    expect(rows.first.locator(".say")).to_have_text(SECOND_SAY)
    expect(page.locator(".late")).to_have_count(0)


def test_what_one_reaches_for_stays_when_an_answer_comes_late(page: Page, company: Company) -> None:
    held: list[Route] = []
    page.goto("/")
    star = ask(page, "too exp").first.get_by_role("button", name="In your kit")

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search/suggest*", hold)
    with page.expect_request("**/search/suggest*"):
        page.keyboard.type("ensive")
    star.focus()
    for route in held:
        route.fulfill(body="<p class=late>A late answer</p>", content_type="text/html")
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    expect(star).to_be_focused()
    expect(page.locator(".late")).to_have_count(0)


def test_a_failed_answer_leaves_what_stands_and_enter_still_searches(page: Page, company: Company) -> None:
    page.goto("/")
    rows = ask(page, "too exp")
    page.route("**/search/suggest*", lambda route: route.fulfill(status=500, body="<p class=late>Broken</p>"))
    with page.expect_response("**/search/suggest*"):
        page.keyboard.type("ensive")
    expect(rows.first.locator(".say")).to_have_text(SAY)
    expect(page.locator(".late")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=too+expensive")
    expect(page.locator("main [data-row]").first.locator(".say")).to_have_text(SAY)


def test_what_nobody_has_answered_can_be_asked_with_the_same_words(page: Page, company: Company) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("zirconium lids")
    expect(page.locator(".suggestions")).to_contain_text("Nothing found")
    page.locator(".suggestions").get_by_role("link", name="Ask the team").click()
    expect(page.get_by_label("What the buyer says")).to_have_value("zirconium lids")
