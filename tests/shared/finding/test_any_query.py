"""Whatever is typed into the search bar, the whole way from the letters to the rows answers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from portal import wiring
from portal.core.access import Actor
from portal.core.db import Database
from portal.shared.finding.finder import Finder
from portal.shared.finding.indexing import Indexer
from portal.shared.finding.operators import OPERATORS, SORTS
from portal.shared.finding.syntax import read
from portal.shared.search_index.engine import SearchIndex
from tests.builders import (
    actor_of,
    add_department,
    add_person,
    add_vocabularies,
    ask_objection,
    post_answer,
    write_playbook,
)

WORDS = (
    "price",
    "prices",
    "expensive",
    "X-200",
    "3.5%",
    "who",
    "Käufer",
    "日本",
    "dana",
    "pric",
    "preis",
    "-rebate",
    "é",
)
VALUES = (
    "price", "negotiation", "objection", "people", "me", "@dana", "@7", "dana-ruiz", ">60", "<=40%", "2026-01-01",
    "2026-99", "0000", "verified", "draft", "dairy", "sales", "9" * 30, "%", "\\", "'", "-", *SORTS,
)  # fmt: skip
NAMES = (*OPERATORS, "colour", "http", "TYPE", "By")
TEXT = st.text(max_size=12) | st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Nd", "Sc", "So", "Zs"])
VALUE = st.sampled_from(VALUES) | TEXT
OPERATOR = st.builds(
    lambda minus, name, quote, value, end: f"{minus}{name}:{quote}{value}{end}",
    st.sampled_from(("", "", "", "-")),
    st.sampled_from(NAMES),
    st.sampled_from(("", "", '"', "“")),
    VALUE,
    st.sampled_from(("", '"', "”", " ")),
)
QUOTED = st.builds(
    lambda begin, text, end: f"{begin}{text}{end}",
    st.sampled_from(('"', '-"', "„")),
    VALUE,
    st.sampled_from(('"', "“", "")),
)
QUERY = st.lists(st.one_of(st.sampled_from(WORDS), OPERATOR, OPERATOR, QUOTED, TEXT), max_size=5).map(" ".join)
TOGETHER = 10
"""Queries in one example, since making an example takes as long as answering one."""

World = tuple[Finder, Database, Actor]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    """A few things of each kind, and who searches among them."""
    add_vocabularies(database)
    sales = add_department(database)
    dana = add_person(database, department=sales)
    asked = ask_objection(
        database, dana, "The price is too expensive", category="price", stage="negotiation", tags=("dairy",)
    )
    post_answer(database, dana, asked, "What does one stop cost you? 3.5% of X-200.")
    ask_objection(database, dana, "Who knows the Käufer in 日本?", "question")
    write_playbook(database, add_person(database, "Omar Haddad", "manager"), "Prices", "Preis.\n\n## Rebate\n\nNone.")
    index = SearchIndex(tmp_path / "index")
    Indexer(database, index, wiring.DOCUMENTS).rebuild()
    yield Finder(index, wiring.HITS), database, actor_of(database, dana)
    index.close()


def answer(world: World, text: str) -> None:
    """Search as the page does, and look at what is led to."""
    finder, database, actor = world
    typed = read(text)
    with database.reading() as session:
        found = finder.search(session, actor, typed, limit=5)
    assert len(found.rows) <= min(5, found.total)
    for chip in found.chips:
        left = read(parse_qs(urlsplit(chip.url).query, keep_blank_values=True)["q"][0])
        assert len(left.parts) < len(typed.parts)
    assert all(choice.count > 0 for group in found.facets for choice in group.choices)
    assert found.ask is None or found.ask.title


def answer_while_typing(world: World, text: str) -> None:
    """Search as the bar does."""
    finder, database, actor = world
    with database.reading() as session:
        offers, rows = finder.suggest(session, actor, read(text), limit=3)
    assert len(rows.rows) <= 3
    assert all(read(offer.fill).text for offer in offers)


def answering(world: World, examples: int) -> Callable[[], None]:
    """A property that so many examples are thrown at; a failure names its query, so that none needs to be shrunk."""

    @settings(
        max_examples=examples,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.lists(QUERY, min_size=TOGETHER, max_size=TOGETHER))
    def every_query_answers(texts: list[str]) -> None:
        for text in texts:
            note(repr(text))
            answer(world, text)
        for text in texts[::4]:
            answer_while_typing(world, text)

    return every_query_answers


def test_any_of_twenty_thousand_queries_answers(world: World, backend: str) -> None:
    answering(world, 2_000 if backend == "sqlite" else 60)()


def test_queries_that_once_went_wrong_answer(world: World) -> None:
    for text in (
        "\x00",
        "by:\x00",
        "by:@\udce4",
        "%",
        "'",
        'tag:"',
        '-"',
        ":",
        "by:@" + "9" * 30,
        "sort:new",
        "a" * 5_000,
        '"price" -type:0" 0"0',
    ):
        answer(world, text)
        answer_while_typing(world, text)
