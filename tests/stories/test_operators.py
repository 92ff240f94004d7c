"""Operators at the bar: offered while typing, taken by keyboard, told to those who cannot see, taken away by a chip."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.stories.company import Company
from tests.stories.conftest import OpenWindow


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Jonas's window."""
    return open_window(company.jonas)


def test_an_operator_is_taken_by_keyboard_and_typing_goes_on(page: Page, company: Company) -> None:
    page.goto("/people")
    search = page.get_by_role("searchbox", name="Search")
    offers = page.locator(".offers a")
    page.keyboard.press("/")
    page.keyboard.type("expensive cate")
    expect(offers).to_have_text(["category: one category of objection"])
    page.keyboard.press("ArrowDown")
    expect(offers.first).to_be_focused()
    expect(offers.first).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(search).to_be_focused()
    expect(search).to_have_value("expensive category:")
    expect(offers.first).to_contain_text("category:price")
    expect(page.get_by_role("status").filter(has_text="to choose from")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(search).to_have_value("expensive category:price ")
    expect(offers).to_have_count(0)
    expect(page.locator(".suggestions .result").first).to_be_visible()
    assert page.url.endswith("/people")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=expensive+category%3Aprice+")
    page.get_by_role("link", name="Take away: category: Price").click()
    page.wait_for_url("**/search?q=expensive")


def test_what_is_like_a_title_stands_beside_the_form_while_it_is_written(page: Page, company: Company) -> None:
    page.goto("/objections/new")
    beside = page.get_by_role("complementary", name="Here already")
    page.get_by_label("What the buyer says").fill("far too expensive for us")
    expect(beside.get_by_role("link", name="You are too expensive for us")).to_be_visible()
    page.get_by_label("What the buyer says").fill("zirconium lids")
    expect(beside.get_by_role("link")).to_have_count(0)


def test_a_keystroke_cancels_what_was_asked_before_it(page: Page, company: Company) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/search/suggest\?q=to$"), hold)
    cancelled: list[str] = []
    page.on("requestfailed", lambda request: cancelled.append(request.url))
    page.goto("/people")
    page.keyboard.press("/")
    with page.expect_request(re.compile(r"/search/suggest\?q=to$")):
        page.keyboard.type("to")
    with page.expect_event("requestfailed"):
        page.keyboard.type("o")
    assert cancelled[-1].endswith("?q=to")
    expect(page.locator(".suggestions .result").first).to_be_visible()


def test_before_the_first_letter_stands_what_was_searched_lately(page: Page, company: Company) -> None:
    page.goto("/people")
    page.keyboard.press("/")
    lately = page.locator(".start a").first
    expect(lately).to_contain_text("rebate on")
    page.keyboard.press("Escape")
    expect(page.locator(".suggestions")).to_be_hidden()
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(lately).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=rebate+on*")
