"""Everything works with JavaScript off: search, ask, answer, edit, vote, sign out."""

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.applications import LiveServer
from tests.stories.company import SAY, Company
from tests.stories.conftest import OpenWindow, catch_up

ON_BOTH = pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgres", marks=pytest.mark.needs_postgres)])


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Jonas's window, without scripts."""
    return open_window(company.jonas, java_script_enabled=False)


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="Search").fill(words)
    page.get_by_role("searchbox", name="Search").press("Enter")


@ON_BOTH
def test_the_whole_work_goes_without_scripts(page: Page, company: Company, live_server: LiveServer) -> None:
    search(page, "too expensive")
    expect(page.locator("[data-row] .say").first).to_have_text(SAY)
    page.get_by_role("link", name="You are too expensive for us").click()
    expect(page.locator(".answer .say").first).to_have_text(SAY)

    vote = page.locator(".answer").first.locator("[data-act=vote]")
    vote.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“You are too expensive for us”")
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_contain_text("2")
    vote.click()
    expect(vote).to_contain_text("1")

    search(page, "zirconium lids")
    page.get_by_label("I need to know this").check()
    page.get_by_role("button", name="Ask the team").click()
    expect(page.get_by_label("What do you need to know?")).to_have_value("zirconium lids")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_label("Say this").fill("We have them from March.")
    page.get_by_role("button", name="Post the answer").click()
    expect(page.locator(".answer .say")).to_have_text("We have them from March.")
    page.locator(".answer").get_by_role("link", name="Edit").click()
    page.get_by_label("Say this").fill("We have them from April.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".answer .say")).to_have_text("We have them from April.")

    catch_up(live_server)
    search(page, "zirconium")
    expect(page.locator("[data-row] .say").first).to_have_text("We have them from April.")
    page.locator("summary").filter(has_text="menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto("/")
    page.wait_for_url("**/login*")


def test_a_refused_form_and_a_conflict_lose_nothing_without_scripts(page: Page, company: Company) -> None:
    page.goto(company.dear_url)
    page.get_by_label("Say this").fill("word " * 26)
    page.get_by_label("Ask back").fill("What did it cost?")
    page.get_by_role("button", name="Post the answer").click()
    expect(page.get_by_role("alert")).to_contain_text("at most 25 words")
    expect(page.get_by_label("Ask back")).to_have_value("What did it cost?")
    page.goto(f"{company.dear_url}/edit")
    other = page.context.new_page()
    other.goto(f"{company.dear_url}/edit")
    other.get_by_label("What the buyer says").fill("Title of the other tab")
    other.get_by_role("button", name="Save").click()
    page.get_by_label("What the buyer says").fill("Title of this tab")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two texts")
    expect(page.locator("main")).to_contain_text("Title of the other tab")
    expect(page.get_by_label("Yours")).to_have_value("Title of this tab")
    page.get_by_role("button", name="Save mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Title of this tab”")


def test_a_playbook_is_written_and_previewed_without_scripts(open_window: OpenWindow, company: Company) -> None:
    page = open_window(company.priya, java_script_enabled=False)
    page.goto("/playbooks/new")
    page.get_by_label("Title").fill("Wash-down trials")
    page.get_by_label("Text").fill("## Before\n\nBring **gloves**.")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.locator(".prose strong")).to_have_text("gloves")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wash-down trials")
    expect(page.get_by_role("heading", level=2, name="Before")).to_be_visible()


def test_what_only_scripts_can_do_is_not_shown(page: Page, company: Company) -> None:
    for place in (company.dear_url, "/search?q=too+expensive", "/playbooks/new"):
        page.goto(place)
        for one in page.locator(".scripted").all():
            expect(one).to_be_hidden()
