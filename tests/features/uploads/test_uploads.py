"""Files in and out: what is answered, who may have them back, and that nothing that was uploaded runs."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from portal.core.access import Grant
from portal.core.errors import Invalid
from portal.shared.files import operations, policy
from portal.shared.files.models import ItemFile, StoredFile
from portal.shared.files.sniffing import Checked
from portal.shared.files.store import FileStore
from portal.shared.items.operations import hide_item
from tests import builders
from tests.shared.files import samples

JSON = {"Accept": "application/json"}


@pytest.fixture
def dana(client, database):
    """A manager, signed in; managers may write playbooks."""
    person = builders.add_person(database, role="manager")
    builders.sign_in(client, person)
    return person


def send(client, name="plant.png", data=None, **more):
    """Upload a file; a picture where no bytes are given."""
    file = (io.BytesIO(samples.picture() if data is None else data), name)
    return builders.post(client, "/files", {"file": file}, content_type="multipart/form-data", **more)


def fetch(client, path):
    """Have a file back, to its end."""
    return client.get(path, buffered=True)


def uploaded(client, name="plant.png", data=None):
    """Upload as the scripts do, and what they are told."""
    answer = send(client, name, data, headers=JSON)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_script_is_told_what_to_write_and_a_picture_is_shown(client, dana):
    told = uploaded(client, "plant [1].png")
    number = told["id"]
    assert told["markdown"] == f"![plant 1.png](file:{number})"
    assert told["url"] == f"/files/{number}/plant-1-.png"
    for path in (told["url"], f"/files/{number}", f"/files/{number}/any-other.name"):
        served = fetch(client, path)
        assert served.mimetype == "image/png"
        assert Image.open(io.BytesIO(served.data)).size == (6, 4)
        assert served.headers["Content-Disposition"].startswith("inline")
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert served.headers["Cache-Control"] == "private, no-store"


def test_without_scripts_a_page_shows_what_to_copy(client, dana):
    assert 'enctype="multipart/form-data"' in client.get("/files/new").text
    page = send(client, "Plan.pdf", samples.PDF)
    assert page.status_code == 200
    assert "[Plan.pdf](file:1)" in page.text
    refused = send(client, "plan.exe", b"MZ")
    assert refused.status_code == 422
    assert "of a kind that is not kept here" in refused.text
    assert "Choose a file first." in builders.post(client, "/files").text


def test_a_refused_file_is_explained_to_scripts_in_the_line_that_they_read(client, dana):
    answer = send(client, "a.svg", samples.SVG, headers=JSON)
    assert answer.status_code == 422
    assert "data-happened>“a.svg” is of a kind" in answer.text


ACTIVE = [
    ("a.txt", samples.HTML),
    ("a.md", samples.HTML),
    ("a.csv", samples.SVG),
    ("a.pdf", samples.PDF),
    ("a.zip", samples.package({"a.html": samples.HTML})),
    ("a.docx", samples.office("docx")),
]


@pytest.mark.parametrize(("name", "data"), ACTIVE, ids=[row[0] for row in ACTIVE])
def test_everything_but_pictures_is_downloaded(client, dana, name, data):
    served = fetch(client, uploaded(client, name, data)["url"])
    assert served.data == data
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert "html" not in served.mimetype
    assert "svg" not in served.mimetype
    assert "sandbox" in served.headers["Content-Security-Policy"]


def test_an_imported_drawing_is_never_handed_out_as_one(client, database, app, dana):
    actor = builders.actor_of(database, dana)
    checked = Checked("a.svg", "image/svg+xml", samples.SVG)
    sha256 = app.extensions["fieldhouse"][FileStore].keep(checked.data)
    with database.writing() as session:
        file = operations.add_file(session, actor, checked, sha256)
        session.commit()
    served = fetch(client, f"/files/{file.id}")
    assert served.mimetype == "application/octet-stream"
    assert served.headers["Content-Disposition"].startswith("attachment")


def test_a_file_is_the_uploaders_until_an_item_shows_it(client, database, dana):
    told = uploaded(client)
    reader = builders.add_person(database, "Omar Haddad")
    builders.sign_in(client, reader)
    assert fetch(client, told["url"]).status_code == 404
    playbook = builders.write_playbook(database, dana, text=f"Look: {told['markdown']}")
    page = client.get(f"/playbooks/{playbook.id}-{playbook.slug}").text
    assert f'<img src="/files/{told["id"]}" alt="plant.png">' in page
    assert fetch(client, told["url"]).status_code == 200
    builders.edit_playbook(database, dana, playbook, "Nothing to look at.")
    assert fetch(client, told["url"]).status_code == 404


def test_a_file_closes_with_the_item_that_shows_it(client, database, dana):
    told = uploaded(client)
    marketing = builders.add_department(database, "Marketing")
    closed = builders.write_playbook(database, dana, text=told["markdown"], audience=(f"dep:{marketing.id}",))
    opened = builders.write_playbook(database, dana, text=told["markdown"])
    builders.sign_in(client, builders.add_person(database, "Omar Haddad"))
    assert fetch(client, told["url"]).status_code == 200
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, dana), opened.id)
        session.commit()
    assert fetch(client, told["url"]).status_code == 404
    builders.sign_in(client, builders.add_person(database, "Mia Falk", department=marketing))
    assert fetch(client, told["url"]).status_code == 200
    assert closed.id != opened.id


def test_naming_a_foreign_file_opens_nothing(client, database, dana):
    told = uploaded(client)
    thief = builders.add_person(database, "Omar Haddad", "publisher")
    builders.sign_in(client, thief)
    builders.write_playbook(database, thief, text=f"Mine now: ![x](file:{told['id']})")
    assert fetch(client, told["url"]).status_code == 404
    with database.reading() as session:
        assert not session.scalars(select(ItemFile)).all()


def test_whoever_edits_a_shared_text_keeps_its_pictures(client, database, dana):
    told = uploaded(client)
    playbook = builders.write_playbook(database, dana, text=told["markdown"])
    builders.edit_playbook(
        database, builders.add_person(database, "Tom", "manager"), playbook, f"New {told['markdown']}"
    )
    with database.reading() as session:
        assert session.scalars(select(ItemFile.file_id)).all() == [told["id"]]


def test_a_stranger_signs_in_first(client, database, dana):
    told = uploaded(client)
    client.delete_cookie("fieldhouse")
    assert fetch(client, told["url"]).status_code == 303
    assert send(client).status_code == 401


@pytest.mark.parametrize("path", ["/files/999", "/files/999/x.png", "/files/0", "/files/99999999999999999999"])
def test_what_is_not_there_is_not_found(client, dana, path):
    assert fetch(client, path).status_code == 404


def test_bytes_that_are_gone_are_not_found(client, database, app, dana):
    told = uploaded(client)
    store = app.extensions["fieldhouse"][FileStore]
    assert store.sweep(set(), older_than=-1) == 1
    assert fetch(client, told["url"]).status_code == 404


def test_an_upload_needs_the_token_of_its_form(client, dana):
    answer = client.post("/files", data={"file": (io.BytesIO(samples.PDF), "a.pdf")}, headers=JSON)
    assert answer.status_code == 400


def test_the_same_file_twice_is_one(client, database, dana):
    assert uploaded(client)["id"] == uploaded(client)["id"]
    assert uploaded(client, "other.png")["id"] != uploaded(client)["id"]
    with database.reading() as session:
        assert len(session.scalars(select(StoredFile)).all()) == 2


def test_twenty_files_a_minute(client, dana):
    for _ in range(20):
        assert send(client, "a.exe", b"MZ", headers=JSON).status_code == 422
    answer = send(client, headers=JSON)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_person_may_keep_500_megabytes(database, monkeypatch):
    actor = builders.actor_of(database, builders.add_person(database))
    monkeypatch.setattr(policy, "MOST_OF_ONE_PERSON", 10)
    with database.writing() as session:
        operations.upload_file(session, actor, Checked("a.txt", "text/plain", b"123456"), "0" * 64)
        with pytest.raises(Invalid, match="your uploads may have"):
            operations.upload_file(session, actor, Checked("b.txt", "text/plain", b"12345"), "1" * 64)
    assert Grant("rep", None, None) in actor.grants


def test_bytes_of_broken_off_uploads_are_swept_and_named_ones_stay(client, database, app, dana):
    told = uploaded(client)
    store = app.extensions["fieldhouse"][FileStore]
    store.keep(b"of an upload that broke off")
    assert operations.sweep_store(database, store) == 0
    assert store.sweep(set(_hashes(database)), older_than=-1) == 1
    assert fetch(client, told["url"]).status_code == 200


def _hashes(database):
    with database.reading() as session:
        return session.scalars(select(StoredFile.sha256)).all()
