"""What was typed survives a closed tab, an expired session and a failed save, and is gone once it was saved."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.core import sessions
from portal.core.db import Database
from tests.plugins.applications import LiveServer
from tests.stories.company import Company
from tests.stories.conftest import OpenWindow, sign_in

BACK = "What you wrote here before is back."
WORDS = "Words that must not get lost"


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Dana's window, on the form of an answer."""
    page = open_window(company.dana)
    page.goto(company.question_url)
    return page


def say(page: Page) -> Locator:
    return page.get_by_label("Say this")


def kept(page: Page) -> list[str]:
    found = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('keep:'))")
    assert isinstance(found, list)
    return found


def post(page: Page) -> None:
    page.get_by_role("button", name="Post the answer").click()


def test_a_draft_survives_a_closed_tab_and_goes_when_it_is_saved(page: Page, company: Company) -> None:
    say(page).fill(WORDS)
    page.close(run_before_unload=True)
    again = page.context.new_page()
    again.goto(company.question_url)
    expect(say(again)).to_have_value(WORDS)
    expect(again.get_by_text(BACK)).to_be_visible()
    post(again)
    expect(again.locator(".answer .say")).to_have_text(WORDS)
    assert kept(again) == []
    again.goto(company.question_url)
    expect(say(again)).to_have_value("")
    expect(again.get_by_text(BACK)).to_have_count(0)


def test_a_draft_can_be_thrown_away(page: Page, company: Company) -> None:
    say(page).fill(WORDS)
    page.goto("/people")
    page.goto(company.question_url)
    page.get_by_role("button", name="Throw it away").click()
    expect(say(page)).to_have_value("")
    page.goto("/people")
    page.goto(company.question_url)
    expect(say(page)).to_have_value("")


def test_a_draft_survives_an_expired_session(page: Page, company: Company, live_server: LiveServer) -> None:
    say(page).fill(WORDS)
    database: Database = live_server.app.extensions["fieldhouse"][Database]
    with database.writing() as session:
        sessions.close_all(session, company.dana.id)
        session.commit()
    post(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please sign in")
    expect(page.locator("main")).to_contain_text("What you typed is still in this browser")
    sign_in(page, company.dana.email)
    page.goto(company.question_url)
    expect(say(page)).to_have_value(WORDS)
    post(page)
    expect(page.locator(".answer .say")).to_have_text(WORDS)


def test_a_draft_survives_a_server_that_fails_and_one_that_is_gone(page: Page, company: Company) -> None:
    address = re.compile(r"/answers$")
    page.route(address, lambda route: route.fulfill(status=500, content_type="text/html", body="<h1>Broken</h1>"))
    say(page).fill(WORDS)
    post(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Broken")
    page.goto(company.question_url)
    expect(say(page)).to_have_value(WORDS)
    page.unroute(address)
    page.route(address, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        post(page)
    page.unroute(address)
    page.goto(company.question_url)
    expect(say(page)).to_have_value(WORDS)
    post(page)
    expect(page.locator(".answer .say")).to_have_text(WORDS)


def test_a_form_that_is_refused_keeps_everything_and_says_what_is_wrong(page: Page) -> None:
    say(page).fill("word " * 26)
    page.get_by_label("Ask back").fill(WORDS)
    post(page)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("at most 25 words")
    expect(page.get_by_label("Ask back")).to_have_value(WORDS)
    say(page).fill("Fewer words")
    post(page)
    expect(page.locator(".answer .say")).to_have_text("Fewer words")
    assert kept(page) == []


def test_an_old_draft_of_an_edit_meets_the_newer_text(open_window: OpenWindow, company: Company) -> None:
    page, manager = open_window(company.dana), open_window(company.priya)
    page.goto(f"{company.answer_url}/edit")
    say(page).fill(WORDS)
    page.goto("/people")
    manager.goto(f"{company.answer_url}/edit")
    say(manager).fill("Words of the manager")
    manager.get_by_role("button", name="Save").click()
    expect(manager.locator(".answer .say").first).to_have_text("Words of the manager")
    page.goto(f"{company.answer_url}/edit")
    expect(say(page)).to_have_value(WORDS)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two texts")
    expect(page.locator("main")).to_contain_text("Words of the manager")


def test_nobody_else_in_the_same_browser_reads_a_draft(page: Page, company: Company) -> None:
    say(page).fill(WORDS)
    page.goto("/people")
    page.locator("summary").filter(has_text="menu").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, company.priya.email)
    page.goto(company.question_url)
    expect(say(page)).to_have_value("")
