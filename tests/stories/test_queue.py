"""Monday by keys, by phone, and without scripts: a card that is right takes one key, and the next one comes."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import Database
from portal.features.playbooks.models import Playbook
from portal.shared.flags.forms import FlagInput
from portal.shared.flags.operations import flag_item
from portal.shared.items.trust_operations import verify_item
from tests import builders
from tests.plugins.applications import LiveServer
from tests.stories.company import Company
from tests.stories.conftest import OpenWindow

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def pages(live_server: LiveServer, company: Company) -> list[Playbook]:
    """Three pages of Priya that are overdue; Jonas reports the last one."""
    database: Database = live_server.app.extensions["fieldhouse"][Database]
    priya, jonas = builders.actor_of(database, company.priya), builders.actor_of(database, company.jonas)
    made = []
    for number, title in enumerate(("Third", "Second", "First")):
        with clock.at(clock.now() - timedelta(days=200)):
            page = builders.write_playbook(database, company.priya, title)
        with clock.at(clock.now() - timedelta(weeks=20 + 5 * number)), database.writing() as session:
            verify_item(session, priya, page.id)
            session.commit()
        made.append(page)
    with database.writing() as session:
        flag_item(session, jonas, made[0].id, FlagInput("outdated", "It is from June."))
        session.commit()
    return made[::-1]


@pytest.mark.usefixtures("pages")
def test_three_cards_take_three_keys_and_no_page_is_loaded(company: Company, open_window: OpenWindow) -> None:
    page = open_window(company.priya)
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Monday").click()
    page.goto("/review")
    page.evaluate("window.stays = true")
    card, said = page.locator("[data-card]"), page.locator("[data-said]")
    expect(card).to_have_text("First")
    page.keyboard.press("v")
    expect(said).to_have_text("Verified: First")
    expect(card).to_have_text("Second")
    expect(card).to_be_focused()
    page.keyboard.press("j")
    expect(card).to_have_text("Third")
    page.keyboard.press("k")
    expect(card).to_have_text("Second")
    page.keyboard.press("o")
    expect(page.get_by_label("Replaced by: address or number")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.get_by_label("To whom: name or mail")).to_be_focused()
    page.keyboard.type("nobody of that name")
    page.keyboard.press("Enter")
    expect(page.get_by_label("To whom: name or mail")).to_be_focused()
    expect(page.locator(".queue")).to_contain_text("nobody here is called")
    page.get_by_label("To whom: name or mail").fill("Dana Ruiz")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Delegated: Second")
    expect(card).to_have_text("Third")
    page.keyboard.press("v")
    expect(page.get_by_label("Why (the reporters read it)")).to_be_focused()
    page.keyboard.type("June is this year's.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Done, 1 minute")).to_be_visible()
    assert page.evaluate("window.stays"), "one page from the first card to the last"
    page.get_by_role("button", name="Undo").click()
    expect(card).to_have_text("Third")
    expect(page.locator(".reports")).to_contain_text("It is from June.")


@pytest.mark.usefixtures("pages")
def test_the_second_of_two_is_told_and_what_was_typed_stays_without_an_answer(
    company: Company, open_window: OpenWindow
) -> None:
    page, other = open_window(company.priya), open_window(company.priya)
    for window in (page, other):
        window.goto("/review")
    other.keyboard.press("v")
    expect(other.locator("[data-said]")).to_have_text("Verified: First")
    page.keyboard.press("v")
    expect(page.locator(".notice")).to_contain_text("You have already verified it. Nothing was changed.")
    page.goto("/review")
    page.keyboard.press("d")
    page.get_by_label("To whom: name or mail").fill("Dana Ruiz")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_contain_text("did not reach us")
    expect(page.get_by_label("To whom: name or mail")).to_have_value("Dana Ruiz")


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("scripts", [True, False])
def test_by_phone_and_without_scripts_each_card_is_a_page_with_forms(
    company: Company, open_window: OpenWindow, scripts: bool
) -> None:
    page: Page = open_window(company.priya, viewport=PHONE, java_script_enabled=scripts)
    page.goto("/review")
    expect(page.locator("[data-card]")).to_have_text("First")
    assert page.locator("kbd:visible").count() == 0
    page.get_by_role("button", name="Verify").click()
    expect(page.locator("[data-card]")).to_have_text("Second")
    page.locator("summary", has_text="Obsolete").click()
    page.get_by_label("Or why nothing does").fill("The lot is sold out.")
    page.get_by_role("button", name="Make obsolete").click()
    expect(page.locator("[data-card]")).to_have_text("Third")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-card]")).to_have_text("Second")
    page.goto("/monday")
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_something_is_reported_by_keyboard_and_without_scripts(company: Company, open_window: OpenWindow) -> None:
    page = open_window(company.jonas, java_script_enabled=False)
    page.goto(company.playbook_url)
    page.locator("details.flag summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("The valve is no longer made.")
    page.keyboard.press("Enter")
    expect(page.locator(".notice").first).to_contain_text("Reported. You hear what becomes of it")
    page.goto("/me/reports")
    expect(page.locator("main")).to_contain_text("The valve is no longer made.")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main")).to_contain_text("Nothing reported")
