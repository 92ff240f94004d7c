"""Names for things: tokens, slugs, addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from portal.core.ids import (
    SLUG_LENGTH,
    IdConverter,
    IdSlug,
    IdSlugConverter,
    address,
    hash_token,
    initials,
    new_token,
    slugify,
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Too expensive!", "too-expensive"),
        ("  We don't   need it ", "we-dont-need-it"),
        ("Größe, Ärger & Straße", "groesse-aerger-strasse"),
        ("Café Łódź", "cafe-lodz"),
        ("C++ / .NET", "c-net"),
        ("日本語", ""),
        ("", ""),
        ("a" * 70, "a" * 60),
        ("word " * 20, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_slugs_are_words_for_people(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_any_text_gives_a_slug_that_fits_into_an_address(text: str) -> None:
    slug = slugify(text)
    assert len(slug) <= SLUG_LENGTH
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert slugify(slug) == slug


def test_an_address_is_an_id_and_words() -> None:
    assert address(40, "too-expensive") == "40-too-expensive"
    assert address(40, "") == "40"


@pytest.fixture
def routes():
    """Routes as the house has them."""
    rules = Map([Rule("/o/<idslug:where>", endpoint="o"), Rule("/n/<int:number>", endpoint="n")],
                converters={"idslug": IdSlugConverter, "int": IdConverter})  # fmt: skip
    return rules.bind("localhost")


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("40-too-expensive", IdSlug(40, "too-expensive")),
        ("40", IdSlug(40, "")),
        ("40-", IdSlug(40, "")),
        ("40-a-b-c", IdSlug(40, "a-b-c")),
        ("999999999", IdSlug(999_999_999, "")),
    ],
)
def test_the_id_is_read_out_of_an_address(routes, part: str, found: IdSlug) -> None:
    assert routes.match(f"/o/{part}") == ("o", {"where": found})


@pytest.mark.parametrize("path", ["/o/x", "/o/-4", "/o/4x", "/o/" + "9" * 10, "/n/" + "9" * 10, "/n/-1", "/n/1.5"])
def test_what_is_no_id_leads_nowhere(routes, path: str) -> None:
    with pytest.raises(NotFound):
        routes.match(path)


def test_addresses_are_built_as_they_are_read(routes) -> None:
    assert routes.build("o", {"where": IdSlug(40, "too-expensive")}) == "/o/40-too-expensive"
    assert routes.build("n", {"number": 7}) == "/n/7"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Dana Ruiz", "DR"), ("Cher", "C"), ("anna maria o'neill", "AO"), ("(Bob) Ray", "R"), ("", "?"), ("- -", "?")],
)
def test_a_face_has_up_to_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_tokens_are_long_safe_in_addresses_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_what_is_kept_of_a_token_does_not_hold_it() -> None:
    token = new_token()
    assert re.fullmatch(r"[0-9a-f]{64}", hash_token(token))
    assert hash_token(token) == hash_token(token) != hash_token(token + "x")
