"""Stories: a person at a real browser, on a small company of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from portal.shared.people.models import Person
from portal.shared.search_index import SearchIndex
from tests import builders
from tests.plugins.applications import LiveServer
from tests.stories.company import Company, found_company

PATIENCE = 20_000
DESK: ViewportSize = {"width": 1280, "height": 800}

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every story needs a browser."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker("needs_browser")


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Doors are tested on both databases elsewhere; a story says where it wants both."""
    return str(request.param)


@pytest.fixture
def company(live_server: LiveServer) -> Company:
    """The company behind the live server."""
    return found_company(live_server.app)


class Windows:
    """Windows on one server; an error in a script or a breach of the content policy in any tab fails the story."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser, self._base_url = browser, base_url
        self._contexts: list[BrowserContext] = []
        self._faults: list[str] = []

    def open(self, person: Person | None = None, **options: Any) -> Page:
        """A window with cookies of its own, signed in where somebody is named; options are Playwright's."""
        context = self._browser.new_context(**{"base_url": self._base_url, "viewport": DESK, **options})
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._note)
        context.on("weberror", lambda error: self._faults.append(str(error.error)))
        page = context.new_page()
        if person is not None:
            sign_in(page, person.email)
        return page

    def close(self) -> None:
        """Close them all, and tell what went wrong in them."""
        for context in self._contexts:
            context.close()
        assert not self._faults, "\n".join(self._faults)

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self._faults.append(f"{message.location.get('url')}: {message.text}")


OpenWindow = Callable[..., Page]
"""`Windows.open` on the live server."""


@pytest.fixture
def open_window(browser: Browser, live_server: LiveServer) -> Iterator[OpenWindow]:
    """Opens windows on the live server."""
    windows = Windows(browser, live_server.base_url)
    yield windows.open
    windows.close()


def sign_in(page: Page, email: str, password: str = builders.PASSWORD) -> None:
    """Through the form, as people do."""
    page.goto("/login")
    page.get_by_label("Mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def catch_up(server: LiveServer) -> None:
    """Do the jobs that are due, as the worker would, and let the server see the newest index."""
    builders.drain(server.app)
    index: SearchIndex = server.app.extensions["fieldhouse"][SearchIndex]
    index.refresh()
