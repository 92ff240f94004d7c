"""What every template may use: strict names, escaped words, moments for people, and who is looking."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, flash, render_template_string
from jinja2 import UndefinedError

from portal.core import clock
from portal.core.access import Actor, Grant
from portal.core.templating import Viewer, relative, viewer_of
from tests.builders import add_person, sign_in

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def backend() -> str:
    """Nothing here asks what kind of database there is."""
    return "sqlite"


def render(house: Flask, source: str, **words: object) -> str:
    with house.test_request_context("/here"):
        return render_template_string(source, **words)


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 d ago"),
        (timedelta(days=59), "59 d ago"),
        (timedelta(days=60), "2 months ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=365), "1 year ago"),
        (timedelta(days=729), "1 year ago"),
        (timedelta(days=730), "2 years ago"),
        (timedelta(days=3650), "10 years ago"),
    ],
)
def test_how_long_ago_is_told_in_one_step(ago: timedelta, said: str) -> None:
    with clock.at(NOON):
        assert relative(NOON - ago) == said


def test_a_full_date_is_told_in_the_time_of_the_company(house: Flask) -> None:
    assert render(house, "{{ at|fulldate }}", at=NOON) == "Wed 1 Jul 2026, 14:00"
    assert render(house, "{{ at|fulldate }}", at=NOON.replace(month=1, hour=23)) == "Fri 2 Jan 2026, 00:00"


def test_an_hour_is_told_with_its_day_unless_that_is_today(house: Flask) -> None:
    with clock.at(NOON):
        assert render(house, "{{ at|hour }}", at=NOON - timedelta(hours=13)) == "01:00"
        assert render(house, "{{ at|hour }}", at=NOON - timedelta(hours=15)) == "30 Jun, 23:00"


def test_a_name_that_nobody_gave_is_an_error(house: Flask) -> None:
    for source in (
        "{{ nobody }}",
        "{{ nobody.name }}",
        "{% if nobody %}x{% endif %}",
        "{% for x in nobody %}{% endfor %}",
    ):
        with pytest.raises(UndefinedError):
            render(house, source)


def test_words_are_escaped(house: Flask) -> None:
    evil = "<script>alert('x')</script>&\""
    shown = render(house, '<p title="{{ evil }}">{{ evil }}</p>', evil=evil)
    assert "<script" not in shown
    assert shown.count('"') == 2


def test_templates_know_the_path_the_release_and_nobody(house: Flask) -> None:
    assert render(house, "{{ path }} {{ release }} {{ me }} {{ messages }}") == "/here 1.2.3 None []"


def test_messages_are_told_once(house: Flask) -> None:
    with house.test_request_context("/"):
        flash("Saved.", "ok")
        assert render_template_string("{{ messages }}") == str([("ok", "Saved.")]).replace("'", "&#39;")
    assert render(house, "{{ messages }}") == "[]"


def test_each_form_has_a_key_of_its_own(house: Flask) -> None:
    one, other = render(house, "{{ once_key() }} {{ once_key() }}").split()
    assert one != other
    assert len(one) == 22


def test_a_viewer_is_what_the_layout_needs_of_somebody() -> None:
    actor = Actor(12, "Dana Ruiz", "dana-ruiz", frozenset({Grant("manager", None, None)}), 1, 2)
    assert viewer_of(actor) == Viewer(12, "Dana Ruiz", "DR", "/people/12-dana-ruiz", is_admin=False, is_manager=True)
    assert viewer_of(None) is None


def test_the_page_knows_who_is_looking(house: Flask, database) -> None:
    client, person = house.test_client(), add_person(database)
    sign_in(client, person)
    assert f'data-owner="/people/{person.id}-{person.slug}"' in client.get("/").text
    assert 'data-owner=""' in house.test_client().get("/").text
