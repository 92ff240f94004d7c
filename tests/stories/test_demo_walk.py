"""The demo as `make demo` starts it: what it prints leads where it says, and one click shows it as somebody else."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.demo.reading import FOLDER, read_walk
from tests.chaos.running import find_port
from tests.cli.conftest import Process
from tests.demo.conftest import DemoFolder
from tests.stories.conftest import Windows, sign_in

PEOPLE = {"Rep": "Jonas", "Star": "Dana", "Manager": "Priya", "Planner": "Tom", "Admin": "Wiebke"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    """The demo company, built once; whoever works in it takes a copy."""
    folder = DemoFolder(tmp_path_factory.mktemp("demo") / "data")
    said = folder.portal("demo")
    assert said.exit_code == 0, said.output
    return folder


@pytest.fixture
def printed(built: DemoFolder, tmp_path: Path) -> Iterator[Sequence[str]]:
    """What the demo prints when it starts; it runs until the story is over, and then stops cleanly."""
    copy = DemoFolder(tmp_path / "data")
    shutil.copytree(built.path, copy.path)
    process = Process(["run"], {**copy.environment, "PORTAL_DEMO": "on", "PORT": str(find_port())})
    try:
        process.wait_for(re.escape(read_walk(FOLDER)[-1].link))
        yield [line.strip() for line in process.lines]
        assert process.end() == 0
    finally:
        if process.process.poll() is None:
            process.process.kill()
        process.process.communicate()


@pytest.fixture
def page(browser: Browser, printed: Sequence[str]) -> Iterator[Page]:
    """A visitor's window, at the address that was printed."""
    windows = Windows(browser, address(printed))
    yield windows.open(permissions=["clipboard-read", "clipboard-write"])
    windows.close()


def address(printed: Sequence[str]) -> str:
    return next(found[1] for line in printed if (found := re.match(r"Fieldhouse runs at (\S+)/", line)))


def links(printed: Sequence[str]) -> list[str]:
    """The links of the walk, in its order."""
    return [line for line in printed if line.startswith(f"{address(printed)}/")]


def test_a_visitor_signs_in_and_takes_the_walk(page: Page, printed: Sequence[str]) -> None:
    password = next(found[1] for line in printed if (found := re.match(r"Sign in with the password (\S+) as", line)))
    jonas = next(line for line in printed if "Jonas" in line and "@" in line).split()[0]
    sign_in(page, jonas, password)
    first, second, third, *_ = links(printed)

    page.goto(first)
    row = page.locator("main [data-row]").first
    expect(row).to_contain_text("Proof: Almdal Dairy")
    page.keyboard.press("c")
    expect(row.locator("[data-copy]")).to_have_attribute("data-done", "Copied")
    assert page.evaluate("navigator.clipboard.readText()") == row.locator(".say").inner_text()

    page.goto(second)
    expect(page.locator("main")).to_contain_text(re.compile("kestrion", re.IGNORECASE))
    expect(page.locator("main [data-row]").first.locator("h2")).to_contain_text("since the price cut")

    page.goto(third)
    expect(page.locator("main")).to_contain_text(re.compile("no row has all", re.IGNORECASE))
    words = page.get_by_role("searchbox", name="Search").input_value()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.locator(".suggestions").get_by_role("link", name="Ask the team").click()
    expect(page.locator("main").get_by_role("textbox").first).to_have_value(words)
    page.get_by_label("Category").select_option("Security and compliance")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_the_manager_takes_a_card_off_monday_by_one_key(page: Page, printed: Sequence[str]) -> None:
    page.goto("/login")
    page.get_by_role("button", name="Manager", exact=True).click()
    expect(page.locator(".menu summary")).to_contain_text("Priya")
    page.goto(links(printed)[-1])
    card = page.locator("[data-card]")
    expect(page.locator(".reports")).to_contain_text(re.compile("Wrong|Sensitive"))
    was = card.inner_text()
    page.keyboard.press("f")
    expect(page.locator("[data-said]")).to_contain_text("Fixed")
    expect(card).not_to_have_text(was)
    was = card.inner_text()
    page.keyboard.press("j")
    expect(card).not_to_have_text(was)


def test_what_stands_under_the_bar_is_what_the_page_shows(page: Page, printed: Sequence[str]) -> None:
    page.goto("/login")
    page.get_by_role("button", name="Rep", exact=True).click()
    page.wait_for_url("**/")
    page.keyboard.press("/")
    page.keyboard.type("too exp")
    under = page.locator(".suggestions [data-row] .say")
    expect(under.first).to_contain_text("stopped filler")
    said = under.all_inner_texts()
    page.goto(links(printed)[0])
    assert page.locator("main [data-row] .say").all_inner_texts()[: len(said)] == said


def test_one_click_shows_the_demo_as_somebody_else(page: Page, printed: Sequence[str]) -> None:
    page.goto("/login")
    page.get_by_role("button", name="Rep", exact=True).click()
    page.wait_for_url("**/")
    page.goto(links(printed)[0])
    for role, name in PEOPLE.items():
        page.get_by_role("button", name=role, exact=True).click()
        expect(page.get_by_role("button", name=role, exact=True)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".menu summary")).to_contain_text(name)
        assert page.url == links(printed)[0]
    page.goto("/admin")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Rep", exact=True).click()
    page.wait_for_url("**/")
