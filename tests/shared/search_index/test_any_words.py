"""Any search string answers, whatever it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.shared.search_index.engine import SearchIndex
from tests.shared.search_index.samples import document, question

WORDS = ("price", "X-200", "Käufer", "the", "who", "3.5%", "codebase", "日本", "don't", "ISO27001")
PIECES = st.one_of(st.text(max_size=12), st.sampled_from(WORDS), st.characters(categories=["Cs", "Mn", "Nd", "Sc"]))
TEXT = st.lists(PIECES, max_size=8).map(" ".join) | st.text(max_size=40)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    folder: Path = tmp_path_factory.mktemp("any") / "index"
    index = SearchIndex(folder)
    index.rebuild(document(f"k{number}", word, " ".join(WORDS), kind=word) for number, word in enumerate(WORDS))
    yield index
    index.close()


@settings(max_examples=300)
@given(words=TEXT, phrase=TEXT, excluded=TEXT, typing=st.booleans())
def test_any_search_string_answers(index: SearchIndex, words: str, phrase: str, excluded: str, typing: bool) -> None:
    for asked in (question(words, typing=typing), question(words, phrases=(phrase,), excluded=(excluded,))):
        found = index.search(asked)
        assert len(found.hits) == min(20, found.total)
        assert all(
            0 <= start < end <= len(hit.snippet.text) for hit in found.hits for start, end in hit.snippet.matches
        )
    assert isinstance(index.words(words, frozenset(["all"])), list)


@settings(max_examples=100)
@given(
    facet=TEXT,
    value=TEXT,
    audience=TEXT,
    sort=TEXT,
    offset=st.integers(-5, 50),
    low=st.floats(),
    synonym=TEXT,
    weight=st.floats(0, 1),
)
def test_any_filter_answers(
    index: SearchIndex,
    facet: str,
    value: str,
    audience: str,
    sort: str,
    offset: int,
    low: float,
    synonym: str,
    weight: float,
) -> None:
    found = index.search(
        question(
            "price",
            filters={facet: (value,)},
            facets=(facet,),
            ranges={sort: (low, low)},
            audiences=frozenset([audience, "all"]),
            sort=sort,
            offset=offset,
            synonyms={"price": ((synonym, weight),)},
        )
    )
    assert len(found.hits) <= found.total
