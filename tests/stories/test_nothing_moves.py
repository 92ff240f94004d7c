"""While somebody types, results come and go under the bar and nothing on the page moves, on a desk and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.bench.probe import PROBE, Shift, read_noted
from tests.stories.company import Company
from tests.stories.conftest import DESK, OpenWindow

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
TYPED = ("too exp", "discuont on meters", "competitor:", "nothing like this anywhere", "first visit")


@pytest.fixture(params=[{"viewport": DESK}, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, open_window: OpenWindow, company: Company) -> Page:
    """Jonas's window, in which every layout shift is noted."""
    options: dict[str, Any] = request.param
    opened = open_window(company.jonas, **options)
    opened.add_init_script(PROBE)
    return opened


def shifts_while_typing(page: Page) -> list[Shift]:
    search = page.get_by_role("searchbox", name="Search")
    search.focus()
    for words in TYPED:
        page.keyboard.press("Control+A")
        page.keyboard.type(words, delay=60)
        expect(page.locator(f'.suggestions [data-searched="{words}"]')).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".suggestions")).to_be_hidden()
    return read_noted(page).shifts


@pytest.mark.parametrize("place", ["home", "an objection", "results"])
def test_nothing_moves_while_somebody_types(page: Page, company: Company, place: str) -> None:
    page.goto({"home": "/", "an objection": company.dear_url, "results": "/search?q=price"}[place])
    page.wait_for_load_state("networkidle")
    page.evaluate("window.noted.shifts.length = 0")
    assert shifts_while_typing(page) == []


def test_what_moves_is_noted_with_its_cause(page: Page, company: Company) -> None:
    page.goto(company.dear_url)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelector('main').prepend(Object.assign(document.createElement('p'), "
                  "{ textContent: 'late', style: 'height: 200px' }))")  # fmt: skip
    page.wait_for_function("window.noted.shifts.length > 0")
    assert "<" in read_noted(page).shifts[-1].what
