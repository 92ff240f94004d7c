"""What a person may not see is in no hit, no count, no facet, no completion and no correction."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Document
from tests.shared.search_index.samples import document, question

AUDIENCES = ("all", "dep:1", "dep:2", "team:1", "person:7")
WORDS = ("discount", "discuont", "discounts", "renewal", "renew", "secret", "secrets", "pricing", "x200", "codebase")
TAGS = ("red", "green", "blue")


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    made = []
    for number in range(draw(st.integers(1, 8))):
        words: list[str] = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
        made.append(
            document(
                f"k{number}",
                words[0],
                " ".join(words[1:]),
                group=draw(st.sampled_from(("g1", "g2", "g3", "g4"))),
                facets={"tag": tuple(draw(st.sets(st.sampled_from(TAGS))))},
                audiences=tuple(draw(st.sets(st.sampled_from(AUDIENCES)))),
            )
        )
    return made


def vocabulary(rows: list[Document]) -> set[str]:
    return {word for row in rows for word in f"{row.title} {row.body}".split()}


@settings(max_examples=60)
@given(
    rows=documents(),
    later=documents(),
    asker=st.frozensets(st.sampled_from(AUDIENCES)),
    words=st.lists(st.sampled_from((*WORDS, "disc", "secrte", "renwal", "code", "base", "x")), min_size=1, max_size=3),
    typing=st.booleans(),
)
def test_nothing_hidden_shows_anywhere(
    rows: list[Document], later: list[Document], asker: frozenset[str], words: list[str], typing: bool
) -> None:
    held = {row.key: row for row in [*rows, *later]}
    visible = [row for row in held.values() if asker.intersection(row.audiences)]
    with TemporaryDirectory() as scratch:
        index = SearchIndex(Path(scratch) / "index")
        index.rebuild(rows)
        index.write(later)
        found = index.search(
            question(" ".join(words), audiences=asker, typing=typing, facets=("tag", "kind"), limit=50)
        )
        check(found, visible)
        listed = index.search(question(audiences=asker, facets=("tag",), limit=50))
        assert {hit.group for hit in listed.hits} == {row.group for row in visible}
        assert listed.total == len({row.group for row in visible})
        for beginning in ("d", "disc", "sec", "ren", "x", "code", "pri"):
            seen = {word for word in vocabulary(visible) if word.startswith(beginning)}
            assert set(index.words(beginning, asker, 50)) == seen
        index.close()


def check(found: Any, visible: list[Document]) -> None:
    keys, groups = {row.key for row in visible}, {row.group for row in visible}
    assert {hit.key for hit in found.hits} <= keys
    assert found.total == len(found.hits) <= len(groups)
    for hit in found.hits:
        assert hit.folded < sum(row.group == hit.group for row in visible)
    for value, count in found.facets["tag"]:
        assert count <= len({row.group for row in visible if value in row.facets["tag"]})
    assert {word for _, word in found.corrected} <= vocabulary(visible)


@settings(max_examples=25)
@given(rows=documents(), words=st.lists(st.sampled_from((*WORDS, "secrte")), min_size=1, max_size=3))
def test_an_answer_is_the_same_whether_hidden_rows_exist_or_not(rows: list[Document], words: list[str]) -> None:
    asker = frozenset(["all"])
    visible = [row for row in rows if asker.intersection(row.audiences)]
    answers = []
    with TemporaryDirectory() as scratch:
        for name, held in (("with", rows), ("without", visible)):
            index = SearchIndex(Path(scratch) / name)
            index.rebuild(held)
            found = index.search(question(" ".join(words), facets=("tag",), limit=50))
            shown = {(hit.key, hit.folded, hit.missing) for hit in found.hits if hit.folded == 0}
            answers.append((shown, found.total, found.facets, found.corrected, found.complete))
            index.close()
    assert answers[0] == answers[1]
