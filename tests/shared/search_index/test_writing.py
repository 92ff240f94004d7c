"""What is written is found, what is taken out is not, and only what is new is read."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.shared.search_index.current import Current
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.layout import fingerprint
from portal.shared.search_index.records import Document, IndexUnavailable
from portal.shared.search_index.store import only_writer
from tests.shared.search_index.samples import document, keys, question

Build = Callable[..., SearchIndex]


def found(index: SearchIndex, words: str) -> set[str]:
    index.refresh()
    return set(keys(index.search(question(words))))


def test_a_new_row_is_found_after_a_refresh(build: Build) -> None:
    index = build(document("a", "Discount"))
    assert found(index, "renewal") == set()
    index.write([document("b", "Renewal")])
    assert found(index, "renewal") == {"b"}


def test_a_changed_row_is_found_by_its_new_words_alone(build: Build) -> None:
    index = build(document("a", "Discount"), document("b", "Discount"))
    index.write([document("a", "Renewal")])
    assert found(index, "discount") == {"b"}
    assert found(index, "renewal") == {"a"}


def test_the_last_of_two_rows_with_one_key_is_written(build: Build) -> None:
    index = build()
    index.write([document("a", "Discount"), document("a", "Renewal")])
    assert found(index, "discount") == set()
    assert found(index, "renewal") == {"a"}


def test_a_deleted_row_is_gone_from_hits_counts_and_words(build: Build) -> None:
    index = build(document("a", "Discount", kind="story"), document("b", "Renewal"))
    index.write([], deleted=["a", "never there"])
    index.refresh()
    answer = index.search(question("discount", facets=("kind",)))
    assert (answer.total, answer.facets["kind"], answer.corrected) == (0, (), ())
    assert index.search(question(facets=("kind",))).facets["kind"] == (("note", 1),)
    assert index.words("disc", frozenset(["all"])) == []
    assert index.search(question("discuont")).corrected == ()


def test_a_group_is_replaced_as_a_whole(build: Build) -> None:
    index = build(*(document(f"p#{number}", f"Section{number}", "discount", group="p") for number in range(3)))
    index.write([document("p#9", "Fresh", "discount", group="p")], replace_groups=["p"])
    assert found(index, "discount") == {"p#9"}
    assert set(index.keys()) == {"p#9"}
    index.write([], replace_groups=["p"])
    assert found(index, "discount") == set()


def test_keys_tell_what_the_index_holds(build: Build) -> None:
    rows = [document("a", "Discount"), document("b#x y", "Renewal", group="b")]
    index = build(*rows)
    assert index.keys() == {row.key: fingerprint(row) for row in rows}
    changed = document("a", "Rebate")
    index.write([changed], deleted=["b#x y"])
    assert index.keys() == {"a": fingerprint(changed)}


def test_every_commit_has_a_generation_of_its_own(build: Build) -> None:
    index = build(document("a"))
    seen = [index.generation()]
    for number in range(3):
        index.write([document(f"b{number}")])
        seen.append(index.generation())
    assert len(set(seen)) == 4
    index.refresh()
    assert index.search(question("a")).generation == seen[-1]


def test_a_refresh_reads_new_segments_only(build: Build, root: Path) -> None:
    index = build(*(document(f"a{number}", "Discount") for number in range(50)))
    current = Current(root)
    before = current.kept().segments
    index.write([document("b", "Discount"), document("a1", "Renewal")])
    current.refresh()
    after = current.kept().segments
    assert any(segment is before[0] for segment in after)
    assert sum(segment.size for segment in after if segment is not before[0]) == 2
    assert int(current.kept().live.sum()) == 51


def test_a_failed_write_changes_nothing(build: Build) -> None:
    index = build(document("a", "Discount"))
    before = index.generation()

    def rows() -> Iterator[Document]:
        yield document("b", "Renewal")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.write(rows())
    assert index.generation() == before
    assert set(index.keys()) == {"a"}


def test_a_second_writer_is_told_to_wait(build: Build, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = build(document("a"))
    monkeypatch.setattr("portal.shared.search_index.engine._WRITE_PATIENCE", 0.1)
    with only_writer(root, 0), pytest.raises(IndexUnavailable) as refused:
        index.write([document("b")])
    assert refused.value.state == "busy"
    index.write([document("b")])
    assert set(index.keys()) == {"a", "b"}


def test_any_letters_can_be_keys_facets_and_words(build: Build) -> None:
    odd = document(
        "objection:40\n'\"\0 ä", "Ærlig 日本 \0", "\ud83d\ude00 '\n", group="g = x", facets={"tag": ("a=b, c", "ü")}
    )
    index = build(odd, document("b"))
    answer = index.search(question("日本", facets=("tag",), filters={"tag": ("a=b, c",)}))
    assert keys(answer) == [odd.key]
    assert answer.facets["tag"] == (("a=b, c", 1), ("ü", 1))
    index.write([], deleted=[odd.key])
    assert set(index.keys()) == {"b"}
