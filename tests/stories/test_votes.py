"""▲ useful: it shows at once, goes back with a message where it was refused, and never stands on one's own answer."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from portal.core.db import Database
from portal.shared.votes.operations import AN_HOUR
from tests import builders
from tests.plugins.applications import LiveServer
from tests.stories.company import Company
from tests.stories.conftest import OpenWindow


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Jonas's window, on the objection that Dana answered; one colleague finds her answer useful."""
    page = open_window(company.jonas)
    page.goto(company.dear_url)
    return page


def button(page: Page) -> Locator:
    return page.locator(".answer").first.locator("[data-act=vote]")


def expect_state(page: Page, count: int, pressed: bool) -> None:
    expect(button(page).locator("[data-count]")).to_have_text(str(count))
    expect(button(page)).to_have_attribute("aria-pressed", "true" if pressed else "false")


def test_a_vote_is_given_and_taken_back_without_leaving_the_page(page: Page) -> None:
    expect_state(page, 1, False)
    for count, pressed in ((2, True), (1, False), (2, True)):
        with page.expect_response("**/vote") as answer:
            button(page).click()
        assert answer.value.status == 200
        expect_state(page, count, pressed)
        expect(button(page)).to_be_focused()
    page.reload()
    expect_state(page, 2, True)


def test_the_key_gives_the_vote_to_the_row_in_front(page: Page, company: Company) -> None:
    page.goto("/search?q=too+expensive")
    with page.expect_response("**/vote") as answer:
        page.keyboard.press("u")
    assert answer.value.status == 200
    page.goto(company.dear_url)
    expect_state(page, 2, True)


def test_a_vote_shows_before_the_answer_comes(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/vote", hold)
    with page.expect_request("**/vote"):
        button(page).click()
    expect_state(page, 2, True)
    held[0].continue_()
    page.unroute("**/vote")
    expect(page.locator("[data-act=vote][value=no]")).to_have_count(1)
    expect_state(page, 2, True)


def test_a_vote_that_does_not_arrive_goes_back_with_a_message(page: Page) -> None:
    page.route("**/vote", lambda route: route.abort())
    button(page).click()
    expect(page.get_by_role("status").filter(has_text="That did not reach us.")).to_be_visible()
    expect_state(page, 1, False)
    page.unroute("**/vote")
    with page.expect_response("**/vote"):
        button(page).click()
    expect_state(page, 2, True)


def test_the_21st_vote_in_an_hour_is_refused_and_goes_back(
    page: Page, company: Company, live_server: LiveServer
) -> None:
    database: Database = live_server.app.extensions["fieldhouse"][Database]
    for number in range(AN_HOUR):
        answer = builders.post_answer(database, company.dana, company.question, f"Words {number}")
        builders.vote(database, company.jonas, answer)
    button(page).click()
    expect(page.get_by_role("status").filter(has_text="That is 20 votes in an hour")).to_be_visible()
    expect_state(page, 1, False)
    page.reload()
    expect_state(page, 1, False)


def test_ones_own_answer_has_no_button(open_window: OpenWindow, company: Company) -> None:
    page = open_window(company.dana)
    for place in (company.dear_url, "/search?q=too+expensive+for+us"):
        page.goto(place)
        own = page.locator("[data-row]").first
        expect(own).to_contain_text("▲ 1")
        expect(own.locator("[data-act=vote]")).to_have_count(0)
