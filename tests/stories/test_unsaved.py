"""What is being written waits on the server: it is found on another machine, and no two texts of it are mixed up."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from portal.core import sessions
from portal.core.db import Database
from portal.shared.drafts.models import Draft
from tests.plugins.applications import LiveServer
from tests.stories.company import LONG_WORD, Company
from tests.stories.conftest import OpenWindow, sign_in

WORDS = "Words that must not get lost"
OTHERS = "Other words, of the other machine"
OFFERED = re.compile(r"^You have (other )?unsaved text from \d\d:\d\d")
BACK = "What you wrote here before is back."
KEPT = re.compile(r"^Kept at \d\d:\d\d$")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def form(company: Company) -> str:
    """Priya's guide, to be edited."""
    return f"{company.playbook_url}/edit"


def area(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text", exact=True)


def line(page: Page) -> Locator:
    return page.locator("[data-draft]")


def type_and_wait(page: Page, text: str) -> None:
    area(page).fill(text)
    expect(page.locator("[data-kept]")).to_have_text(KEPT)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_text_is_found_on_another_machine_saved_there_and_gone_here(
    open_window: OpenWindow, company: Company, form: str
) -> None:
    desk, phone = open_window(company.priya), open_window(company.priya, **PHONE)
    desk.goto(form)
    type_and_wait(desk, WORDS)
    desk.close()
    phone.goto(form)
    expect(area(phone)).not_to_have_value(WORDS)
    expect(line(phone)).to_contain_text(OFFERED)
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 390
    phone.get_by_role("link", name="Take it up").tap()
    expect(area(phone)).to_have_value(WORDS)
    expect(phone.get_by_text("stands in the form")).to_be_visible()
    type_and_wait(phone, f"{WORDS}, and more")
    save(phone)
    expect(phone.locator(".prose")).to_contain_text(f"{WORDS}, and more")
    again = desk.context.new_page()
    again.goto(form)
    expect(area(again)).to_have_value(f"{WORDS}, and more")
    expect(again.get_by_text(BACK)).to_have_count(0)
    expect(line(again)).to_have_count(0)


def has_arrived(database: Database, company: Company) -> bool:
    with database.reading() as session:
        return bool(session.scalars(select(Draft).where(Draft.key == f"edit-{company.playbook.id}")).first())


def test_a_browser_that_is_closed_at_once_has_brought_it_to_the_server(
    open_window: OpenWindow, company: Company, form: str, live_server: LiveServer
) -> None:
    desk, other = open_window(company.priya), open_window(company.priya)
    desk.goto(form)
    area(desk).fill(WORDS)
    desk.close(run_before_unload=True)
    database: Database = live_server.app.extensions["fieldhouse"][Database]
    for _ in range(200):
        if has_arrived(database, company):
            break
        other.wait_for_timeout(50)
    other.goto(form)
    expect(line(other)).to_contain_text(OFFERED)
    again = desk.context.new_page()
    again.goto(form)
    expect(area(again)).to_have_value(WORDS)
    expect(again.get_by_text(BACK)).to_be_visible()
    expect(line(again)).to_have_count(0)


def test_the_newest_text_comes_first_and_the_other_can_be_had(
    open_window: OpenWindow, company: Company, form: str
) -> None:
    desk, other = open_window(company.priya), open_window(company.priya)
    desk.goto(form)
    type_and_wait(desk, WORDS)
    desk.goto("/people")
    other.goto(form)
    type_and_wait(other, OTHERS)
    desk.goto(form)
    expect(line(desk)).to_have_count(2)
    expect(area(desk)).not_to_have_value(WORDS)
    desk.get_by_role("link", name="Take it up").first.click()
    expect(area(desk)).to_have_value(OTHERS)
    expect(line(desk)).to_contain_text(OFFERED)
    desk.get_by_role("link", name="Take it up").click()
    expect(area(desk)).to_have_value(WORDS)
    desk.get_by_role("link", name="Put it back").click()
    expect(line(desk)).to_have_count(2)
    desk.goto("/me/drafts")
    expect(
        desk.locator("main [data-row]").filter(has_text="First visit").filter(has_not_text=LONG_WORD[:40])
    ).to_have_count(2)


def test_thrown_away_here_it_is_gone_there(open_window: OpenWindow, company: Company, form: str) -> None:
    desk, other = open_window(company.priya), open_window(company.priya)
    desk.goto(form)
    type_and_wait(desk, WORDS)
    desk.goto("/people")
    other.goto(form)
    other.get_by_role("button", name="Throw it away").click()
    expect(other.get_by_text("Thrown away.")).to_be_visible()
    expect(line(other)).to_have_count(0)
    desk.goto(form)
    expect(area(desk)).not_to_have_value(WORDS)
    expect(desk.get_by_text(BACK)).to_have_count(0)
    type_and_wait(desk, OTHERS)
    desk.reload()
    expect(area(desk)).to_have_value(OTHERS)
    with desk.expect_response(re.compile("/removal$")):
        desk.get_by_role("button", name="Throw it away").click()
    other.goto(form)
    expect(line(other)).to_have_count(0)
    expect(area(desk)).not_to_have_value(OTHERS)
    type_and_wait(desk, WORDS)
    other.goto(form)
    expect(line(other)).to_contain_text(OFFERED)


def test_a_session_that_runs_out_while_typing_costs_nothing(
    open_window: OpenWindow, company: Company, form: str, live_server: LiveServer
) -> None:
    page = open_window(company.priya)
    page.goto(form)
    type_and_wait(page, WORDS)
    database: Database = live_server.app.extensions["fieldhouse"][Database]
    with database.writing() as session:
        sessions.close_all(session, company.priya.id)
        session.commit()
    area(page).fill(f"{WORDS}, and more")
    expect(page.locator("[data-kept]")).to_have_text("You are signed out; kept in this browser.")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please sign in")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Mail").fill(company.priya.email)
    page.get_by_label("Password", exact=True).fill("seven quiet rivers")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{form}")
    expect(area(page)).to_have_value(f"{WORDS}, and more")
    save(page)
    expect(page.locator(".prose")).to_contain_text(f"{WORDS}, and more")


def test_a_server_that_is_gone_for_a_while_gets_it_when_it_is_back(
    open_window: OpenWindow, company: Company, form: str
) -> None:
    page, other = open_window(company.priya), open_window(company.priya)
    page.goto(form)
    page.route("**/forms/**", lambda route: route.abort())
    area(page).fill(WORDS)
    expect(page.locator("[data-kept]")).to_have_text("The server does not answer; kept in this browser.")
    page.unroute("**/forms/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-kept]")).to_have_text(KEPT)
    other.goto(form)
    other.get_by_role("link", name="Take it up").click()
    expect(area(other)).to_have_value(WORDS)


def test_two_who_save_at_once_see_each_other_and_no_merged_word_is_lost(
    open_window: OpenWindow, company: Company, form: str
) -> None:
    priya, dana = open_window(company.priya), open_window(company.dana)
    for page in (priya, dana):
        page.goto(f"{company.answer_url}/edit")
    expect(dana.get_by_role("status").filter(has_text="Priya Nair has been editing this since")).to_be_visible()
    priya.get_by_label("Say this").fill("Words of the manager")
    save(priya)
    expect(priya.locator(".answer .say").first).to_have_text("Words of the manager")
    dana.get_by_label("Say this").fill("Words of the author")
    save(dana)
    expect(dana.get_by_role("heading", level=1)).to_have_text("Two texts")
    expect(dana.locator(".diff del")).to_have_text("manager")
    expect(dana.locator(".diff ins")).to_have_text("author")
    dana.get_by_label("Yours").fill("Words of both")
    expect(dana.locator("[data-kept]")).to_have_text(KEPT)
    dana.goto(f"{company.answer_url}/edit")
    expect(dana.get_by_label("Say this")).to_have_value("Words of both")
    save(dana)
    expect(dana.locator(".answer .say").first).to_have_text("Words of both")


def test_those_who_have_a_form_open_hear_of_each_other_until_it_is_closed(
    open_window: OpenWindow, company: Company
) -> None:
    priya, dana = open_window(company.priya), open_window(company.dana)
    dana.goto(f"{company.answer_url}/edit")
    status = dana.locator("[data-editors]")
    expect(status).to_have_text("")
    with dana.expect_response(re.compile("/editing$")):
        priya.goto(f"{company.answer_url}/edit")
        expect(priya.locator("[data-editors]")).to_contain_text("Dana Ruiz has been editing this since")
    expect(status).to_contain_text("Priya Nair has been editing this since")
    assert status.get_attribute("role") == "status"
    priya.close(run_before_unload=True)
    expect(status).to_have_text("")


def test_the_steps_of_a_path_come_along(open_window: OpenWindow, company: Company) -> None:
    desk, other = open_window(company.priya), open_window(company.priya)
    form = f"{company.path_url}/edit"
    desk.goto(form)
    desk.get_by_role("button", name="Move step 3 up").click()
    desk.get_by_label("Why step 1").fill(WORDS)
    expect(desk.locator("[data-kept]")).to_have_text(KEPT)
    for page in (other, desk):
        page.goto(form)
        page.get_by_role("link", name="Take it up").click()
        expect(page.get_by_label("Why step 1")).to_have_value(WORDS)
        expect(page.locator(".what b").nth(1)).to_contain_text("Who signs")
    other.get_by_role("button", name="Save", exact=True).last.click()
    expect(other.locator("main")).to_contain_text(WORDS)


def test_by_keyboard_alone_a_text_is_taken_up_and_saved(open_window: OpenWindow, company: Company) -> None:
    desk, other = open_window(company.dana), open_window(company.dana)
    desk.goto(company.question_url)
    desk.get_by_label("Say this").fill(WORDS)
    expect(desk.locator("[data-kept]")).to_have_text(KEPT)
    other.goto(company.question_url)
    take = other.get_by_role("link", name="Take it up")
    expect(take).to_be_visible()
    for _ in range(60):
        other.keyboard.press("Tab")
        if take.evaluate("one => one === document.activeElement"):
            break
    other.keyboard.press("Enter")
    expect(other.get_by_label("Say this")).to_have_value(WORDS)
    other.get_by_label("Say this").focus()
    for _ in range(12):
        other.keyboard.press("Tab")
        if other.evaluate("document.activeElement.textContent") == "Post the answer":
            break
    other.keyboard.press("Enter")
    expect(other.locator(".answer .say")).to_have_text(WORDS)
    desk.goto("/me/drafts")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Nothing waits here")


def test_nobody_else_finds_it(open_window: OpenWindow, company: Company, form: str) -> None:
    page = open_window(company.priya)
    page.goto(f"{company.answer_url}/edit")
    page.get_by_label("Say this").fill(WORDS)
    expect(page.locator("[data-kept]")).to_have_text(KEPT)
    page.goto("/people")
    page.context.clear_cookies()
    sign_in(page, company.dana.email)
    page.goto(f"{company.answer_url}/edit")
    expect(page.get_by_label("Say this")).not_to_have_value(WORDS)
    expect(line(page)).to_have_count(0)
