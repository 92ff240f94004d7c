"""On a phone the words stand at the top, a second result is in sight, and the thumb reaches the navigation."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stories.company import SAY, Company
from tests.stories.conftest import OpenWindow

HEIGHT = 844


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Jonas's phone."""
    return open_window(
        company.jonas, viewport={"width": 390, "height": HEIGHT}, is_mobile=True, has_touch=True, device_scale_factor=2
    )


def box(one: Locator) -> tuple[float, float]:
    """Where an element begins and ends, from the top of the screen."""
    found = one.bounding_box()
    assert found is not None
    return found["y"], found["y"] + found["height"]


def foot(page: Page) -> float:
    """Where the navigation begins, which lies over the page."""
    return box(page.get_by_role("navigation", name="Main"))[0]


def test_the_page_of_results_shows_the_words_and_a_second_result(page: Page) -> None:
    page.goto("/search?q=too+expensive")
    words = page.locator("main .say")
    expect(words.first).to_have_text(SAY)
    assert box(words.first)[0] < 300
    assert box(words.nth(1))[0] < foot(page)


def test_the_rows_under_the_bar_show_the_words_and_a_second_result(page: Page) -> None:
    page.goto("/people")
    page.get_by_role("searchbox", name="Search").fill("too exp")
    words = page.locator(".suggestions .say")
    expect(words.first).to_have_text(SAY)
    assert box(words.first)[0] < 300
    assert box(words.nth(1))[0] < foot(page)


def test_an_objection_begins_with_its_words(page: Page, company: Company) -> None:
    page.goto(company.dear_url)
    begins, ends = box(page.locator(".answer .say").first)
    assert begins < 300
    assert ends < foot(page)


def test_navigation_lies_at_the_bottom_and_search_on_top(page: Page) -> None:
    for path in ("/", "/objections", "/people"):
        page.goto(path)
        assert HEIGHT - 80 < foot(page) < HEIGHT
        assert box(page.get_by_role("searchbox", name="Search"))[1] < 80
        page.mouse.wheel(0, 2000)
        assert HEIGHT - 80 < foot(page) < HEIGHT
    for one in page.locator("kbd").all():
        expect(one).to_be_hidden()


def test_a_touch_copies_votes_and_opens(page: Page, company: Company) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/search?q=too+expensive")
    first = page.locator("main [data-row]").first
    first.locator("[data-copy]").tap()
    expect(first.locator("[data-copy]")).to_have_attribute("data-done", "Copied")
    assert page.evaluate("navigator.clipboard.readText()") == SAY
    first.locator("[data-act=vote]").tap()
    expect(first.locator("[data-act=vote]")).to_have_attribute("aria-pressed", "true")
    first.get_by_role("link").first.tap()
    page.wait_for_url(f"**{company.dear_url}")
