"""Stories: a person at a real browser, on a small company of their own."""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from portal.shared.people.models import Person
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


class OpenWindow(Protocol):
    """Opens a window with cookies of its own, signed in where somebody is named; options are Playwright's."""

    def __call__(self, person: Person | None = None, **options: Any) -> Page: ...


@pytest.fixture
def open_window(browser: Browser, live_server: LiveServer) -> Iterator[OpenWindow]:
    """Windows on the live server; an error in a script or a breach of the content policy in any tab fails the story."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(f"{message.location.get('url')}: {message.text}")

    def open_window(person: Person | None = None, **options: Any) -> Page:
        context = browser.new_context(**{"base_url": live_server.base_url, "viewport": DESK, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", note)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        if person is not None:
            sign_in(page, person.email)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def sign_in(page: Page, email: str, password: str = builders.PASSWORD) -> None:
    """Through the form, as people do."""
    page.goto("/login")
    page.get_by_label("Mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
