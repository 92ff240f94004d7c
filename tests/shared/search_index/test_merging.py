"""Small segments become few larger ones beside the live index, and nothing is lost, found twice or brought back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.shared.search_index import codec, merging, pointer, store
from portal.shared.search_index.current import Current
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.merging import CALM_SEGMENTS, MOST_SEGMENTS
from portal.shared.search_index.store import only_writer
from tests.shared.search_index.samples import document, keys, question

Build = Callable[..., SearchIndex]


def sizes(root: Path) -> list[int]:
    """Living documents of each segment on the disk."""
    return sorted(segment.doc_count() for segment in store.segments(root / pointer.read(root).folder))


def tidy(index: SearchIndex) -> int:
    """All upkeep, in the smallest steps; their number."""
    steps = 0
    while index.tidy(0):
        steps += 1
    return steps


def found(index: SearchIndex, words: str) -> list[str]:
    index.refresh()
    return sorted(keys(index.search(question(words, limit=500))))


def edit(index: SearchIndex, numbers: range) -> None:
    """A commit for each: a new document, and the document "a0" anew."""
    for number in numbers:
        index.write(
            [document(f"b{number}", f"Renewal code{number}", facets={"tag": ("x",)}), document("a0", "Discount")]
        )


def test_a_commit_adds_a_segment_and_leaves_the_others_as_they_are(build: Build, root: Path) -> None:
    index = build(document("a0", "Discount"), document("a1", "Discount"))
    edit(index, range(20))
    assert sizes(root) == [1] * 20 + [2]


def test_many_small_commits_then_rest_make_few_segments_with_every_row(build: Build, root: Path) -> None:
    index = build(*(document(f"a{number}", "Discount") for number in range(100)))
    edit(index, range(40))
    assert tidy(index) > 40
    assert len(sizes(root)) <= MOST_SEGMENTS
    assert max(sizes(root)) == 99, "the large segment is left alone"
    assert len(index.keys()) == 140
    assert found(index, "renewal") == sorted(f"b{number}" for number in range(40))
    assert found(index, "discount") == sorted(f"a{number}" for number in range(100))
    assert index.search(question("renewal", facets=("tag",))).facets["tag"] == (("x", 40),)
    assert all(found(index, f"code{number}") == [f"b{number}"] for number in range(40))
    assert tidy(index) == 0


def test_segments_stay_bounded_while_saves_keep_coming(build: Build, root: Path) -> None:
    index = build(document("a0", "Discount"))
    for number in range(2 * CALM_SEGMENTS):
        edit(index, range(number, number + 1))
        assert len(sizes(root)) <= CALM_SEGMENTS + 1
    assert len(found(index, "renewal")) == 2 * CALM_SEGMENTS


def test_what_is_saved_and_deleted_while_segments_are_joined_counts(build: Build, root: Path) -> None:
    index = build(*(document(f"a{number}", "Discount") for number in range(5)))
    edit(index, range(12))
    for _ in range(30):
        assert index.tidy(0)
    assert any(root.glob("joining-*"))
    index.write([document("b3", "Rebate"), document("late", "Renewal")], deleted=["b4", "a1"])
    assert found(index, "rebate") == ["b3"]
    tidy(index)
    assert len(sizes(root)) <= MOST_SEGMENTS
    assert found(index, "rebate") == ["b3"]
    assert found(index, "renewal") == sorted([*(f"b{n}" for n in range(12) if n not in (3, 4)), "late"])
    assert found(index, "discount") == ["a0", "a2", "a3", "a4"]
    assert index.words("code4", frozenset(["all"])) == []


def test_what_is_wholly_deleted_leaves_no_segment(build: Build, root: Path) -> None:
    index = build()
    edit(index, range(12))
    index.write([], deleted=["a0", *(f"b{number}" for number in range(12))])
    tidy(index)
    assert sum(sizes(root)) == 0
    assert len(sizes(root)) <= MOST_SEGMENTS
    assert (found(index, "renewal"), index.keys(), index.state()) == ([], {}, "ready")


def test_a_segment_of_which_most_was_deleted_is_joined_too(build: Build, root: Path) -> None:
    index = build(*(document(f"a{number}", "Discount") for number in range(100)))
    index.write([], deleted=[f"a{number}" for number in range(60)])
    edit(index, range(12))
    tidy(index)
    held = store.segments(root / pointer.read(root).folder)
    assert all(segment.deleted_count() <= 1 for segment in held)
    assert len(found(index, "discount")) == 41


def test_a_rebuild_meanwhile_wins(build: Build, root: Path) -> None:
    index = build(document("a0", "Discount"))
    edit(index, range(12))
    for _ in range(20):
        index.tidy(0)
    SearchIndex(root).rebuild([document("fresh", "Discount")])
    tidy(index)
    assert found(index, "discount") == ["fresh"]
    assert found(index, "renewal") == []
    assert not any(root.glob("joining-*"))


def test_after_a_crash_the_index_is_whole_and_what_was_left_is_removed(build: Build, root: Path) -> None:
    index = build(document("a0", "Discount"))
    edit(index, range(12))
    for _ in range(20):
        index.tidy(0)
    index._merger._lock.release()  # as the system does it for a process that was killed
    index._merger._lock = None
    left = next(root.glob("joining-*"))
    after = SearchIndex(root)
    assert after.state() == "ready"
    assert len(found(after, "renewal")) == 12
    tidy(after)
    assert not left.exists()
    assert len(sizes(root)) <= MOST_SEGMENTS
    assert len(found(after, "renewal")) == 12
    after.close()


@pytest.mark.parametrize("moment", ["swap", "commit"])
def test_a_crash_in_the_last_step_leaves_a_usable_index(
    build: Build, root: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The table of contents is written before the pointer: between the two the old sums meet the new files."""
    index = build(document("a0", "Discount"))
    edit(index, range(12))

    def die(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((merging, "clean_files", die) if moment == "swap" else (pointer, "commit", die)))
    with pytest.raises(KeyboardInterrupt):
        tidy(index)
    monkeypatch.undo()
    after = SearchIndex(root)
    assert after.state() == "ready"
    assert len(found(after, "renewal")) == 12
    after.write([document("late", "Renewal")], deleted=["b1"])
    tidy(after)
    assert len(found(after, "renewal")) == 12
    assert len(after.keys()) == 13
    after.close()


def test_another_writer_is_waited_for_without_harm(build: Build, root: Path) -> None:
    index = build(document("a0", "Discount"))
    edit(index, range(12))
    with only_writer(root, 0):
        assert index.tidy(0) is False
    assert index.tidy(0)
    with only_writer(root, 0):
        assert tidy(index) > 20, "only the swap needs the lock"
    assert len(sizes(root)) > MOST_SEGMENTS
    other = SearchIndex(root)
    assert other.tidy(0) is False, "one process joins at a time"
    tidy(index)
    assert len(sizes(root)) <= MOST_SEGMENTS


def test_a_state_that_was_read_before_goes_on_answering(build: Build, root: Path) -> None:
    index = build(document("a0", "Discount"))
    edit(index, range(12))
    reader = Current(root)
    before = reader.kept()
    tidy(index)
    assert before.row(int(before.live.nonzero()[0][0]))["title"]
    assert len(before.word("renewal")) == 12
    reader.refresh()
    assert len(reader.kept().segments) <= MOST_SEGMENTS
    assert len(reader.kept().word("renewal")) == 12


Rows = list[dict[str, int]]
COMMITS = st.lists(
    st.lists(st.dictionaries(st.sampled_from(["price", "cost", "zürich"]), st.integers(1, 5)), max_size=3),
    min_size=9, max_size=12,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(commits=COMMITS, block=st.sampled_from([2, 4096]), gone=st.sets(st.integers(0, 20)))
def test_joined_segments_hold_what_they_held_apart(
    tmp_path_factory: pytest.TempPathFactory, commits: list[Rows], block: int, gone: set[int]
) -> None:
    root, places = tmp_path_factory.mktemp("index"), list[dict[str, list[list[int]]]]()
    index, number = SearchIndex(root), 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "_BLOCK", block)
        index.rebuild([])
        for rows in commits:
            made = [" ".join(word for word, times in row.items() for _ in range(times)) for row in rows]
            index.write([document(f"d{number + at}", "", body) for at, body in enumerate(made)])
            number += len(rows)
        index.write([], deleted=[f"d{one}" for one in gone])
        for _ in range(2):
            kept = Current(root).kept()
            places.append({
                word: sorted(
                    kept.word(word)[kept.word(word) >> 16 == at].__and__(65535).tolist()
                    for at in set((kept.word(word) >> 16).tolist()) if kept.live[at]
                )
                for word in ("price", "cost", "zurich", "zuerich")
            })  # fmt: skip
            places[-1]["live"] = [[int(kept.live.sum()), len(index.keys())]]
            tidy(index)
    assert places[0] == places[1]
    assert len(sizes(root)) <= MOST_SEGMENTS
    index.close()
