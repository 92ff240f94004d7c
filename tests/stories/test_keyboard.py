"""By keyboard alone: past the head of the page, with the focus in sight, through menu, keys and forms."""

import pytest
from playwright.sync_api import Page, expect

from tests.stories.company import Company
from tests.stories.conftest import OpenWindow

FOCUSED = "(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()"
# What tells the eye where the focus is: a frame or a shade around the element or around what holds it.
IS_SEEN = """() => {
  for (let one = document.activeElement; one && one !== document.body; one = one.parentElement) {
    const style = getComputedStyle(one);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
    if (one.matches(":focus-within") && /form/i.test(one.tagName) && style.boxShadow !== "none") return true;
  }
  return false;
}"""
WHERE = "document.activeElement.outerHTML.slice(0, 150)"
MOST = 80


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Priya's window."""
    return open_window(company.priya)


def test_the_first_stop_leads_past_the_head_of_the_page(page: Page, company: Company) -> None:
    page.goto(company.dear_url)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_stop_can_be_seen(page: Page, company: Company, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("/", company.dear_url, "/search?q=too+expensive", f"{company.playbook_url}/edit", "/people", "/me"):
        page.goto(path)
        page.evaluate("document.activeElement.blur()")
        unseen, stops = [], 0
        for _ in range(MOST):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            stops += 1
            if not page.evaluate(IS_SEEN):
                unseen.append(page.evaluate(WHERE))
        assert not unseen, f"{path}: {unseen}"
        assert stops > 8, path


def test_the_menu_opens_and_closes_by_key(page: Page) -> None:
    page.goto("/")
    summary, entry = page.locator(".menu summary"), page.get_by_role("link", name="My page")
    summary.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".menu > div :focus")).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    for _ in page.locator(".menu > div :is(a, button)").all():
        page.keyboard.press("Tab")
    expect(entry).to_be_visible()
    page.keyboard.press("Tab")
    expect(entry).to_be_hidden()


def test_the_keys_are_told_and_can_be_turned_off(page: Page, company: Company) -> None:
    page.goto(company.dear_url)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    for key in ("search", "next row", "copy the words", "useful", "edit"):
        expect(dialog).to_contain_text(key)
    switch = dialog.get_by_label("Single keys work while no field has the focus")
    expect(switch).to_be_checked()
    switch.press("Space")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.reload()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()

    page.get_by_role("button", name="Keys").press("Enter")
    expect(switch).not_to_be_checked()
    switch.press("Space")
    dialog.get_by_role("button", name="Close").press("Enter")
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()


def test_no_key_acts_while_one_writes(page: Page, company: Company) -> None:
    page.goto(company.dear_url)
    page.get_by_label("Say this").press_sequentially("/ ? j k c u n e words")
    expect(page.get_by_label("Say this")).to_have_value("/ ? j k c u n e words")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith(company.dear_url)
    expect(page.locator("[data-act=vote]").first).to_have_attribute("aria-pressed", "true")


def test_a_list_is_walked_and_a_new_thing_begun_by_key(page: Page, company: Company) -> None:
    page.goto("/objections")
    rows = page.locator("main [data-row]")
    for key, place in (("j", 0), ("ArrowDown", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(place)).to_have_attribute("aria-current", "true")
    page.keyboard.press("n")
    page.wait_for_url("**/objections/new")
    page.goto(company.playbook_url)
    page.keyboard.press("e")
    page.wait_for_url("**/edit")


def test_an_answer_is_written_by_keyboard_alone(page: Page, company: Company) -> None:
    page.goto(company.question_url)
    page.get_by_label("Say this").focus()
    page.keyboard.type("Marta signs them.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert "Why they ask" in page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Why they ask")).to_be_focused()
    page.get_by_role("button", name="Post the answer").press("Enter")
    expect(page.locator(".answer .say")).to_have_text("Marta signs them.")
