"""What holds on every page: for everybody, in light and dark, on a narrow phone, and without a breach of policy."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from portal import rooms
from tests.plugins.applications import LiveServer
from tests.stories.company import INTERNAL, Company
from tests.stories.conftest import OpenWindow, sign_in
from tests.stories.every_page import GONE, every_page

NO_PAGES = {
    "search.suggest",
    "search.similar",
    "writing.items",
    "writing.people",  # pieces of a page
    "uploads.serve",
    "uploads.serve_named",
    "handouts.file",
    "handouts.pdf",
    "handouts.markdown",
    "exchange.download",  # files themselves
    "health.livez",
    "health.readyz",
    "admin_vocabularies.vocabularies",  # leads on to the first of them
}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
VISITORS = ("priya.nair@example.com", "ada.admin@example.com", "")


def findings(page: Page, options: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """What axe finds, one line for each thing."""
    found = (
        Axe().run(page, options=dict(options) if options else {"resultTypes": ["violations"]}).response["violations"]
    )
    return [f"{one['id']}: {node['html'][:200]} ({node['failureSummary']})" for one in found for node in one["nodes"]]


@pytest.fixture(params=VISITORS, ids=["manager", "admin", "stranger"])
def visitor(request: pytest.FixtureRequest) -> str:
    """Whose pages are looked at."""
    return str(request.param)


@pytest.fixture
def paths(visitor: str, company: Company, live_server: LiveServer) -> Sequence[str]:
    """The pages that this visitor opens."""
    return every_page(company, live_server.app)[visitor]


def enter(page: Page, visitor: str) -> Page:
    if visitor:
        sign_in(page, visitor)
    return page


def each(page: Page, paths: Sequence[str]) -> Iterator[str]:
    """Open one after the other; each is there, but for those that are not, with one heading and a name of its own."""
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path in GONE else 200), path
        assert page.locator("h1").count() == 1, path
        assert page.title().endswith(" · Fieldhouse"), path
        yield path


def test_the_list_holds_every_page_there_is(company: Company, live_server: LiveServer) -> None:
    urls = live_server.app.url_map.bind("localhost")
    listed = {urls.match(path.partition("?")[0])[0] for some in every_page(company, live_server.app).values()
              for path in some if path not in GONE}  # fmt: skip
    doors = {sign.endpoint for feature in rooms.FEATURES for sign in feature.signs if sign.method == "GET"}
    assert doors - listed - NO_PAGES == set()


def test_axe_finds_nothing_in_light_and_dark(open_window: OpenWindow, visitor: str, paths: Sequence[str]) -> None:
    page = enter(open_window(reduced_motion="reduce"), visitor)
    found: list[str] = []
    for path in each(page, paths):
        found += [f"{path} {one}" for one in findings(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"{path} in the dark {one}" for one in findings(page, CONTRAST)]
        page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


def test_nothing_scrolls_sideways_on_a_narrow_phone(
    open_window: OpenWindow, visitor: str, paths: Sequence[str]
) -> None:
    page = enter(open_window(viewport={"width": 380, "height": 740}, is_mobile=True, has_touch=True), visitor)
    wide: list[str] = []
    for path in each(page, paths):
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > 380:
            wide.append(f"{path} is {width} wide: {page.evaluate(WIDEST)}")
    assert not wide, "\n".join(wide)


WIDEST = """[...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > 381 && !one.closest('.facets, pre, .table'))
  .slice(-2).map(one => one.outerHTML.slice(0, 120))"""


def test_axe_finds_nothing_in_what_opens(open_window: OpenWindow, company: Company) -> None:
    page, found = open_window(company.priya, reduced_motion="reduce"), list[str]()
    page.goto("/search?q=too+expensive")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    found += findings(page)
    page.keyboard.press("Escape")
    page.locator("summary").filter(has_text="menu").click()
    found += findings(page)
    page.get_by_role("searchbox", name="Search").fill("too exp")
    expect(page.locator(".suggestions [data-row]").first).to_be_visible()
    page.evaluate("document.querySelector('details.menu').open = false")
    found += findings(page)
    page.emulate_media(color_scheme="dark")
    found += findings(page, CONTRAST)
    page.goto(company.dear_url)
    page.keyboard.press("s")
    expect(page.locator("main")).not_to_contain_text(INTERNAL)
    found += [*findings(page), *findings(page, CONTRAST)]
    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_refusals_and_conflicts(open_window: OpenWindow, company: Company) -> None:
    page, found = open_window(company.priya, reduced_motion="reduce"), list[str]()
    page.goto(company.dear_url)
    page.get_by_label("Say this").fill("word " * 26)
    page.get_by_role("button", name="Post the answer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += findings(page)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{company.playbook_url}/edit")
    for tab in (other, page):
        tab.get_by_label("Text").fill(f"Some words, {'first' if tab is other else 'second'}")
        tab.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two texts")
    found += findings(page)
    page.emulate_media(color_scheme="dark")
    found += findings(page, CONTRAST)
    assert not found, "\n".join(found)
