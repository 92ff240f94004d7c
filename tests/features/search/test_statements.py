"""Search costs as few statements for a large company as for a small one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.core.observed import Observations
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.features.search.conftest import House, add_competitor
from tests.plugins.statements import count_statements

MOST = 6
QUERIES = (
    "meters", "finance meters dairy dana first", "meters by:@omar tag:dairy", "meters competitor:", "by:@d",
    "zirconium", '"expensive too"', "meters stage:nothing", "is:unanswered sort:new",
    "omar by:@dana by:@omar by:@nobody",
)  # fmt: skip


def used(client: FlaskClient, database: Database) -> dict[str, int]:
    """The statements of each page and of each list of suggestions, when all that is kept in memory is there."""
    counts = {}
    for path in ("/search", "/search/suggest", "/search/similar"):
        for query in QUERIES:
            given = {"title" if path == "/search/similar" else "q": query}
            client.get(path, query_string=given)
            with count_statements(database) as counted:
                assert client.get(path, query_string=given).status_code == 200
            counts[f"{path} {query}"] = len(counted)
    return counts


def test_search_takes_six_statements_at_most_however_much_there_is(
    app: Flask, client: FlaskClient, app_database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Observations, "add", lambda self, observation: None)  # its thread would be counted too
    builders.sign_in(client, house.dana)
    few = used(client, app_database)
    assert max(few.values()) <= MOST, few
    for number in range(36):
        builders.ask_objection(
            app_database,
            house.omar,
            f"Meters number {number} are dear",
            tags=(f"dairy-{number}",),
            competitor="kestrion",
        )
        builders.add_person(app_database, f"Dana Meters {number}", email=f"d{number}@example.com")
        builders.write_playbook(app_database, house.omar, f"Meters for dairy {number}", "## Part\n\nFinance meters.")
        add_competitor(app_database, house.omar, f"Meters{number}")
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    many = used(client, app_database)
    assert max(many.values()) <= MOST, many
    more = {path: (few[path], many[path]) for path in few if many[path] > few[path]}
    assert not more, more
