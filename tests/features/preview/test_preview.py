"""What is being written, as readers will see it."""

import pytest

from tests import builders

HTMX = {"HX-Request": "true"}


@pytest.fixture
def dana(client, database):
    """A manager, signed in."""
    person = builders.add_person(database, role="manager")
    builders.sign_in(client, person)
    return person


def test_the_named_field_is_rendered_as_a_fragment(client, dana):
    answer = builders.post(
        client, "/preview", {"field": "more", "more": "**Loud** <script>alert(1)</script>"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert "<strong>Loud</strong>" in answer.text
    assert "<script" not in answer.text
    assert "<html" not in answer.text


def test_without_scripts_it_is_a_page(client, dana):
    answer = builders.post(client, "/preview", {"text": "**Loud**"})
    assert "<strong>Loud</strong>" in answer.text
    assert "<h1>Preview</h1>" in answer.text


def test_links_to_items_are_filled_with_what_the_writer_may_see(client, database, dana):
    marketing = builders.add_department(database, "Marketing")
    seen = builders.write_playbook(database, dana, "First visit")
    secret = builders.write_playbook(database, dana, "Secret launch", audience=(f"dep:{marketing.id}",))
    answer = builders.post(client, "/preview", {"text": f"[[{seen.id}]] [[{secret.id}]] [[999]]"}, headers=HTMX)
    assert "First visit</a>" in answer.text
    assert "Secret launch" not in answer.text
    assert answer.text.count("an item you cannot see") == 2


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_text_that_breaks_a_limit_is_told_so(client, dana, headers):
    answer = builders.post(client, "/preview", {"text": "fine\n\n" + "> " * 30 + "deep"}, headers=headers)
    assert answer.status_code == 200
    assert "Line 3: lists and quotes may be nested 20 deep at most." in answer.text


def test_nothing_typed_shows_nothing(client, dana):
    assert builders.post(client, "/preview", headers=HTMX).text.strip() == ""


def test_a_stranger_is_refused(client):
    assert builders.post(client, "/preview", {"text": "x"}).status_code == 401


def test_it_takes_no_get(client, dana):
    assert client.get("/preview").status_code == 405
