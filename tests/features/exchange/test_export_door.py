"""The export page of managers: what it holds, who may have it, and the ZIP itself."""

import io
from zipfile import ZipFile

import pytest

from portal.shared.files.store import FileStore
from tests import builders
from tests.plugins.statements import count_statements
from tests.shared.files import samples


@pytest.fixture
def manager(client, database):
    """Priya, signed in."""
    priya = builders.add_person(database, "Priya Shah", "manager")
    builders.sign_in(client, priya)
    return priya


def names(response):
    """The entries of a ZIP that was sent."""
    assert response.status_code == 200
    with ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.testzip() is None
        return sorted(archive.namelist())


def test_a_manager_takes_away_what_the_page_says(client, database, manager):
    dana = builders.add_person(database)
    sales = builders.add_department(database, "Sales")
    builders.write_playbook(database, manager, "Open", "Words")
    builders.write_playbook(database, builders.add_person(database, "Tom Winter", "publisher"), "Closed", "Words",
                            audience=(f"dep:{sales.id}",))  # fmt: skip
    builders.ask_objection(database, dana, "Too expensive")
    page = client.get("/export").text
    assert ">1</span>" in page
    assert "Playbooks" in page
    response = client.get("/export/fieldhouse.zip")
    assert response.headers["Content-Type"] == "application/zip"
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert 'attachment; filename="fieldhouse-2' in response.headers["Content-Disposition"]
    assert [name.partition("/")[0] for name in names(response)] == ["objections", "playbooks"]


def test_files_come_along_from_the_store(client, app, database, manager):
    data = {"file": (io.BytesIO(samples.picture()), "plan.png")}
    sent = builders.post(client, "/files", data, headers={"Accept": "application/json"})
    builders.write_playbook(database, manager, "A", f"![p](file:{sent.json['id']})")
    assert f"files/{sent.json['id']}/plan.png" in names(client.get("/export/fieldhouse.zip"))
    assert app.extensions["fieldhouse"][FileStore]


@pytest.mark.parametrize("path", ["/export", "/export/fieldhouse.zip"])
def test_strangers_and_readers_are_turned_away(client, database, path):
    assert client.get(path).status_code == 303
    builders.sign_in(client, builders.add_person(database))
    assert client.get(path).status_code == 403
    assert builders.post(client, path).status_code == 405


def test_a_shared_screen_covers_it(client, database, manager):
    builders.post(client, "/screen", {"shared": "yes"})
    assert "Download the ZIP" not in client.get("/export").text
    assert client.get("/export/fieldhouse.zip").headers["Content-Type"].startswith("text/html")


def test_it_takes_the_same_statements_for_ten_times_as_much(client, app_database, database, manager):
    def fill(number):
        for at in range(number):
            asked = builders.ask_objection(database, manager, f"Too expensive {number} {at}")
            builders.post_answer(database, manager, asked)
            builders.write_playbook(database, manager, f"Page {number} {at}", f"[[{asked.id}]]", tags=(f"t{at}",))

    def count(url):
        with count_statements(app_database) as counted:
            assert client.get(url).status_code == 200
        return len(counted)

    fill(1)
    builders.write_path(database, manager)
    few = [count(url) for url in ("/export", "/export/fieldhouse.zip")]
    fill(10)
    assert [count(url) for url in ("/export", "/export/fieldhouse.zip")] == few
    assert few[0] <= 8
