"""The editor: buttons and keys for what one would mark, lists that go on, tables, and no trap for the keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.plugins.applications import LiveServer
from tests.stories.company import Company
from tests.stories.conftest import OpenWindow, catch_up
from tests.stories.test_every_page import findings


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Priya's window, on the form of a new playbook, the caret in its text."""
    page = open_window(company.priya)
    page.goto("/playbooks/new")
    area(page).focus()
    return page


def area(page: Page) -> Locator:
    return page.locator("textarea[name=text]")


def mark(page: Page, text: str, start: int, end: int) -> None:
    area(page).fill(text)
    area(page).evaluate("(one, at) => one.setSelectionRange(...at)", [start, end])


@pytest.mark.parametrize(
    ("button", "keys", "becomes"),
    [
        ("Bold", "Control+b", "say **this** now"),
        ("Italic", "Control+i", "say _this_ now"),
        ("Link", "Control+k", "say [this](url) now"),
        ("Code", "Control+e", "say `this` now"),
    ],
)
def test_a_button_and_its_keys_mark_words_and_can_be_taken_back(
    page: Page, button: str, keys: str, becomes: str
) -> None:
    mark(page, "say this now", 4, 8)
    page.get_by_role("button", name=button, exact=True).click()
    expect(area(page)).to_have_value(becomes)
    expect(area(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(area(page)).to_have_value("say this now")
    mark(page, "say this now", 4, 8)
    page.keyboard.press(keys)
    expect(area(page)).to_have_value(becomes)


@pytest.mark.parametrize(
    ("button", "keys", "becomes"),
    [
        ("List", "Control+Shift+Digit8", "- one\n- two"),
        ("Numbered list", "Control+Shift+Digit7", "1. one\n2. two"),
        ("Quote", "Control+Shift+Digit9", "> one\n> two"),
    ],
)
def test_lines_become_a_list_or_a_quote(page: Page, button: str, keys: str, becomes: str) -> None:
    for press in (
        lambda: page.get_by_role("button", name=button, exact=True).click(),
        lambda: page.keyboard.press(keys),
    ):
        mark(page, "one\ntwo", 0, 7)
        press()
        expect(area(page)).to_have_value(becomes)


def test_a_heading_makes_a_section_in_the_preview(page: Page) -> None:
    page.keyboard.type("Before")
    page.keyboard.press("Control+Shift+Digit2")
    expect(area(page)).to_have_value("## Before")
    expect(page.locator(".preview h2")).to_have_text("Before")
    page.keyboard.press("Control+Shift+Digit2")
    expect(area(page)).to_have_value("Before")


def test_enter_goes_on_with_a_list_and_ends_it(page: Page) -> None:
    page.keyboard.type("1. Rinse\nRest\n\nThen\n- [x] Ask\nPack\n\n> Let them\ntalk")
    expect(area(page)).to_have_value("1. Rinse\n2. Rest\nThen\n- [x] Ask\n- [ ] Pack\n> Let them\n> talk")


def test_tab_moves_entries_of_a_list_and_leaves_the_field_elsewhere(page: Page) -> None:
    page.keyboard.type("- Pack\nThe meter")
    page.keyboard.press("Tab")
    expect(area(page)).to_have_value("- Pack\n    - The meter")
    page.keyboard.press("Shift+Tab")
    expect(area(page)).to_have_value("- Pack\n- The meter")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(area(page)).not_to_be_focused()
    area(page).fill("No list")
    page.keyboard.press("Tab")
    expect(area(page)).not_to_be_focused()
    expect(area(page)).to_have_value("No list")


def test_a_table_is_made_from_nothing_and_from_lines_with_tabs(page: Page) -> None:
    area(page).fill("Before")
    page.get_by_role("button", name="Table", exact=True).click()
    page.keyboard.type("Who")
    expect(area(page)).to_have_value("Before\n\n| Who | Column |\n|---|---|\n|  |  |\n\n")
    expect(page.locator(".preview th")).to_have_text(["Who", "Column"])
    mark(page, "They say\tWe ask\nprice\twhich scope?", 0, 34)
    page.get_by_role("button", name="Table", exact=True).click()
    expect(area(page)).to_have_value("| They say | We ask |\n|---|---|\n| price | which scope? |\n\n")


def test_the_buttons_are_one_stop_for_the_keyboard_and_arrows_move_in_them(page: Page) -> None:
    page.get_by_role("toolbar", name="Marks").focus()
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Table")).to_be_focused()
    page.keyboard.press("Enter")
    expect(area(page)).to_be_focused()
    expect(area(page)).to_have_value("| Column | Column |\n|---|---|\n|  |  |\n\n")


def test_two_brackets_offer_items_and_enter_takes_one(page: Page, company: Company, live_server: LiveServer) -> None:
    catch_up(live_server)
    page.keyboard.type("See [[expens")
    options = page.get_by_role("listbox", name="Items").get_by_role("option")
    expect(options).to_have_count(2)
    expect(page.locator("#announce")).to_have_text("2 to choose from")
    expect(area(page)).to_have_attribute("aria-activedescendant", "pick-1")
    page.keyboard.press("ArrowDown")
    expect(area(page)).to_have_attribute("aria-activedescendant", "pick-2")
    number = (options.nth(1).get_attribute("data-markdown") or "").strip("[]")
    page.keyboard.press("Enter")
    expect(area(page)).to_have_value(f"See [[{number}]]")
    expect(options).to_have_count(0)
    page.keyboard.type(" first")
    expect(area(page)).to_have_value(f"See [[{number}]] first")
    expect(page.locator(".preview a")).to_contain_text("expensive")
    expect(options).to_have_count(0)


def test_an_at_sign_offers_people_and_escape_puts_the_list_away(page: Page, company: Company) -> None:
    page.keyboard.type("- Ask @dan")
    options = page.locator(".picker").get_by_role("option")
    expect(options).to_have_text(re.compile("Dana Ruiz"))
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("a or @dan")
    expect(options).to_have_count(1)
    options.click()
    expect(area(page)).to_have_value(f"- Ask @dana or [Dana Ruiz](/people/{company.dana.id}-dana-ruiz)")
    page.keyboard.press("Control+z")
    expect(area(page)).to_have_value("- Ask @dana or @dan")
    area(page).fill("mail to dana@example.com")
    page.keyboard.type("x")
    expect(page.locator(".preview")).to_contain_text("comx")
    expect(options).to_have_count(0)


def test_axe_finds_nothing_in_an_editor_whose_list_is_open(
    page: Page, open_window: OpenWindow, company: Company
) -> None:
    page.keyboard.type("@dana")
    expect(page.locator(".picker").get_by_role("option")).to_have_count(1)
    assert findings(page) == []
    phone = open_window(company.priya, viewport={"width": 380, "height": 740}, is_mobile=True, has_touch=True)
    phone.goto("/playbooks/new")
    area(phone).focus()
    phone.keyboard.type("some words before @dana")
    expect(phone.locator(".picker").get_by_role("option")).to_be_in_viewport(ratio=1)
    expect(phone.locator("html")).to_have_js_property("scrollWidth", 380)


GAP = """(box, number) => {
  const top = (one) => one.getBoundingClientRect().top;
  return top(box.querySelectorAll("h2")[number]) - top(box);
}"""
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def scroll(page: Page, box: Locator, top: float) -> None:
    box.evaluate("(one, top) => { one.scrollTop = top }", top)
    page.evaluate(FRAME)


def test_text_and_preview_scroll_in_step_heading_beside_heading(page: Page) -> None:
    parts = [f"## Part {number}\n\n" + ("Some words. " * 40 if number % 2 else "- entry\n" * 60) for number in range(8)]
    shown = page.locator(".preview")
    area(page).fill("\n\n".join(parts))
    expect(shown.locator("h2")).to_have_count(8)
    scroll(page, area(page), 100_000)
    assert shown.evaluate("(one) => one.scrollHeight - one.clientHeight - one.scrollTop") < 3
    scroll(page, area(page), 0)
    assert shown.evaluate("(one) => one.scrollTop") == 0
    scroll(page, shown, shown.evaluate(GAP, 4))
    assert abs(shown.evaluate(GAP, 4)) < 3
    beside = area(page).evaluate("(one) => one.scrollTop")
    lines = sum(part.count("\n") + 2 for part in parts[:4])
    line = area(page).evaluate("(one) => parseFloat(getComputedStyle(one).lineHeight)")
    assert lines * line < beside < (lines + 20) * line
    scroll(page, area(page), 0)
    scroll(page, area(page), beside)
    assert abs(shown.evaluate(GAP, 4)) < 6


def test_a_template_comes_into_the_text_and_gives_way_to_another(page: Page) -> None:
    page.get_by_role("link", name="Sales play").click()
    expect(area(page)).to_have_value(re.compile("## Know"))
    expect(page.locator(".preview h2").first).to_have_text("Know")
    page.get_by_role("link", name="Discovery guide").click()
    expect(area(page)).to_have_value(re.compile(r"^Which kind of company"))
    area(page).fill("My own words.")
    page.get_by_role("link", name="Pricing talk").click()
    expect(area(page)).to_have_value(re.compile(r"^My own words\.\n\nFor which offer"))
    page.keyboard.press("Control+z")
    expect(area(page)).to_have_value("My own words.")
    expect(page).to_have_url(re.compile(r"/playbooks/new$"))
