"""Text from Word, Google Docs or a web page becomes clean Markdown at the paste, and never loses a word."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stories.company import Company
from tests.stories.conftest import OpenWindow

CLIPBOARD = Path(__file__).parent / "clipboard"
PASTE = """(area, {html, text, picture}) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  if (picture) data.items.add(new File(["x"], "shot.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  if (area.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
WORDS = re.compile(r"\w+")


@pytest.fixture
def page(open_window: OpenWindow, company: Company) -> Page:
    """Priya's window, on the form of a new playbook."""
    page = open_window(company.priya)
    page.goto("/playbooks/new")
    return page


def area(page: Page) -> Locator:
    return page.locator("textarea[name=text]")


def paste(page: Page, html: str, text: str = "", *, picture: bool = False) -> None:
    area(page).focus()
    area(page).evaluate(PASTE, {"html": html, "text": text, "picture": picture})


def pasted(page: Page, name: str, until: str) -> str:
    """What stands in the field after a paste of a kept clipboard; `until` is its end."""
    paste(page, (CLIPBOARD / f"{name}.html").read_text("utf-8"))
    expect(area(page)).to_have_value(re.compile(re.escape(until) + r"\s*$"))
    return area(page).input_value().strip()


def words_of_word() -> list[str]:
    """The words of the Word document that a person reads, in order."""
    html = (CLIPBOARD / "word.html").read_text("utf-8").partition("<!--StartFragment-->")[2]
    html = re.sub(
        r"<span\s+style='mso-list:Ignore'>.*?<!\[endif\]>|<span style='mso-hide.*?</span>", "", html, flags=re.DOTALL
    )
    html = re.sub(r"<!--.*?-->|<[^>]*>", " ", html, flags=re.DOTALL).replace("&nbsp;", " ").replace("&amp;", "&")
    return WORDS.findall(html.replace("&lt;", "<").replace("&gt;", ">"))


def test_four_pages_of_word_become_markdown_without_a_trace_of_word(page: Page) -> None:
    text = pasted(page, "word", "See [the plan](https://example.com/cleaning_\\(plan\\)).")
    assert not re.search(r"mso|MsoNormal|<(?!br>| 6)|&nbsp;|\u00a0|·|style=|Hidden words|clip_image", text)
    assert text.startswith("# First visit to a dairy\n\nA dairy decides with its nose and its calendar. Milk arrives")
    assert "\n\n## Before you drive\n\n- Ask for safety shoes, hairnet and the visitor's health form; some" in text
    assert "\n1. Ask for the cleaning plan\n    1. Which agents, and at what temperature\n" in text
    assert (
        "\n2. Pack\n    - The small meter\n        - with its **two** seals\n3. Call Planning about the date\n" in text
    )
    assert (
        "\n\n| Line 4 |  | Stops \\| year |\n|---|---|---|\n| Filler | spring | 2 |\n|  | autumn<br>(short) | 1 |\n"
        in text
    )
    assert "keep to &lt;b>one&lt;/b> number: 5 < 6." in text
    marks = re.compile(r"^ *(\d+\.|-|#+)? |&lt;|<br>|\]\(https.*?\)\)", re.MULTILINE)
    given, came = words_of_word(), WORDS.findall(marks.sub(" ", text))
    assert len(given) > 2000
    assert came == given


def test_what_word_brought_is_shown_to_readers_as_it_was_meant(page: Page) -> None:
    pasted(page, "word", "plan\\)).")
    shown = page.locator(".preview")
    expect(shown.locator("table").last.locator("th")).to_have_text(["Line 4", "", "Stops | year"])
    expect(shown.locator("ol ol > li")).to_have_count(2)
    expect(shown.locator("ol ul ul > li strong")).to_have_text("two")
    expect(shown.get_by_text("keep to <b>one</b> number: 5 < 6.")).to_be_visible()
    expect(shown.get_by_role("link", name="the plan")).to_have_attribute("href", "https://example.com/cleaning_(plan)")
    expect(page.get_by_text("A picture stayed behind; paste it by itself.")).to_be_visible()


def test_google_docs_keeps_emphasis_lists_and_tables(page: Page) -> None:
    text = pasted(page, "docs", "| price | on which scope? |")
    assert text == (
        "## What we say first\n\nName **one figure***, not two*. [The stops](https://example.com/stops?line=4)\n\n"
        "- Ask for the plan\n    - who is there at night\n- ~~Bring a brochure~~\n\n"
        "| They say | We ask |\n|---|---|\n| price | on which scope? |"
    )


def test_a_web_page_leaves_its_machinery_behind(page: Page) -> None:
    text = pasted(page, "web", "so does snake\\_case.")
    assert text == (
        "- [Home](https://example.com/)\n\n### Cleaning in place\n\nA line is *rinsed*, then **hot**.  \n"
        "Then it rests. ![A line  photo](https://example.com/a%20line.png)No link\n\n> Let them talk.\n\n"
        "3. Rinse\n4. Rest\n    - [x] one hour\n\n```text\nflow = 12.5\nrest = 1\n```\n\n---\n\n"
        "Costs \\* 2 and \\[\\[12\\]\\] stay words; so does snake\\_case."
    )
    assert page.evaluate("window.stolen") is None


def test_a_paste_stands_where_the_caret_was_and_can_be_taken_back(page: Page) -> None:
    area(page).fill("before after")
    area(page).evaluate("one => one.setSelectionRange(7, 7)")
    paste(page, "<p>a <b>loud</b> word</p>", "a loud word")
    expect(area(page)).to_have_value("before a **loud** wordafter")
    page.keyboard.press("Control+z")
    expect(area(page)).to_have_value("before after")
    paste(page, "<ul><li>one</li><li>two</li></ul>", "one two")
    expect(area(page)).to_have_value("before \n\n- one\n- two\n\nafter")


def test_words_without_form_and_markdown_itself_stay_as_they_are(page: Page) -> None:
    paste(page, "<meta charset='utf-8'><span>**loud** [[12]]</span>", "**loud** [[12]]")
    expect(area(page)).to_have_value("**loud** [[12]]")
    paste(page, "", "\n# plain")
    expect(area(page)).to_have_value("**loud** [[12]]\n# plain")


def test_an_own_page_becomes_a_link_that_survives_a_new_title(page: Page, company: Company) -> None:
    address = page.evaluate("location.origin") + company.playbook_url
    paste(page, f'<a href="{address}#h-before">the first visit</a>', address)
    expect(area(page)).to_have_value(f"[the first visit](item:{company.playbook.id}#before)")
    expect(page.locator(".preview a")).to_have_attribute("href", f"{company.playbook_url}#h-before")
    area(page).fill("")
    path = page.evaluate("location.origin") + company.path_url
    paste(page, f'<a href="{path}">the first week</a>', path)
    expect(area(page)).to_have_value(f"[the first week](item:{company.path.id})")


def test_a_library_that_does_not_come_costs_the_form_and_no_word(page: Page) -> None:
    page.route("**/turndown*", lambda route: route.abort())
    paste(page, "<p>a <b>loud</b> word</p>", "a loud word")
    expect(area(page)).to_have_value("a loud word")
    expect(page.get_by_text("its words are here")).to_be_visible()


def test_a_lone_picture_is_still_a_picture(page: Page) -> None:
    paste(page, '<img src="https://example.com/shot.png">', picture=True)
    expect(page.get_by_text("not a picture").or_(page.locator(".announce.loud"))).to_be_visible()
    expect(area(page)).to_have_value("")
