"""On a call: one key hides what is for us alone, and what is opened or starred is noted beside the click."""

from playwright.sync_api import expect
from sqlalchemy import select

from portal.core.db import Database
from portal.core.observed import Observations
from portal.shared.finding.models import SearchMade
from tests.plugins.applications import LiveServer
from tests.stories.company import INTERNAL, Company
from tests.stories.conftest import OpenWindow


def test_s_hides_and_shows_again(open_window: OpenWindow, company: Company) -> None:
    page = open_window(company.dana)
    page.goto(company.dear_url)
    expect(page.get_by_text(INTERNAL)).to_be_visible()
    page.keyboard.press("s")
    bar = page.get_by_role("form", name="Shared screen")
    expect(bar).to_be_visible()
    expect(page.get_by_text(INTERNAL)).to_have_count(0)
    page.get_by_role("searchbox", name="Search").press_sequentially("mass")
    expect(page).to_have_url(page.url)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_text(INTERNAL)).to_be_visible()
    expect(bar).to_have_count(0)


def test_opened_row_and_star_are_told_beside_the_click(
    open_window: OpenWindow, company: Company, live_server: LiveServer
) -> None:
    page = open_window(company.priya)
    page.get_by_role("searchbox", name="Search").press_sequentially("too exp", delay=60)
    row = page.locator(".suggestions article").first
    star = row.get_by_role("button", name="In your kit")
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(star).to_be_focused()
    with page.expect_request("**/search/opened") as sent:
        row.get_by_role("link").first.click()
    assert sent.value.method == "POST"
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    answer = sent.value.response()
    assert answer is None or answer.status == 204
    services = live_server.app.extensions["fieldhouse"]
    services[Observations].write()
    with services[Database].reading() as session:
        rows = session.execute(select(SearchMade.words, SearchMade.opened).order_by(SearchMade.id.desc()))
        assert next(tuple(one) for one in rows) == (
            "too exp",
            f"objection:{company.dear_url.split('/')[2].split('-')[0]}",
        )
