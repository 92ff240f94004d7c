"""How an engine keeps its copy: filled, changed, rebuilt beside itself, lost and outdated."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.shared.search_index.door import SearchEngine
from portal.shared.search_index.layout import fingerprint
from portal.shared.search_index.records import Document, IndexUnavailable
from tests.shared.search_index.contract.conftest import Fill, Open
from tests.shared.search_index.samples import document, keys, question

EVERYONE = frozenset(["all"])


def acts(engine: SearchEngine) -> tuple[Callable[[], object], ...]:
    """Everything that needs a copy."""
    return (
        lambda: engine.search(question("discount")),
        lambda: engine.words("dis", EVERYONE),
        lambda: engine.explain(question("discount"), "1"),
        lambda: engine.write([document("b")]),
        engine.generation,
        engine.keys,
        engine.refresh,
    )


def found(engine: SearchEngine, words: str) -> set[str]:
    engine.refresh()
    return set(keys(engine.search(question(words))))


def test_what_was_never_filled_is_missing(engine: SearchEngine) -> None:
    assert engine.state() == "missing"
    for act in acts(engine):
        with pytest.raises(IndexUnavailable) as refused:
            act()
        assert refused.value.state == "missing"
    engine.rebuild([])
    assert (engine.state(), found(engine, "discount"), engine.keys()) == ("ready", set(), {})


def test_a_copy_of_documents_of_another_shape_is_outdated(fill: Fill, open_engine: Open) -> None:
    fill(document("a", "Discount"))
    newer = open_engine(documents=2)
    assert newer.state() == "outdated"
    for act in acts(newer):
        with pytest.raises(IndexUnavailable) as refused:
            act()
        assert refused.value.state == "outdated"
    newer.rebuild([document("a", "Discount")])
    assert (newer.state(), found(newer, "discount")) == ("ready", {"a"})


def test_documents_are_put_in_replaced_and_taken_out(fill: Fill) -> None:
    engine = fill(document("a", "Discount"), document("b", "Discount"))
    engine.write([document("c", "Discount"), document("a", "Renewal")])
    assert (found(engine, "discount"), found(engine, "renewal")) == ({"b", "c"}, {"a"})
    engine.write([], deleted=["b", "unheard"])
    assert found(engine, "discount") == {"c"}
    engine.write([document("a", "Discount")], deleted=["a"])
    assert found(engine, "discount") == {"a", "c"}


def test_a_group_is_replaced_as_a_whole(fill: Fill) -> None:
    engine = fill(*(document(f"p#{n}", "Discount", group="p") for n in range(3)), document("q", "Discount"))
    engine.write([document("p#9", "Discount", group="p")], replace_groups=["p"])
    assert set(engine.keys()) == {"p#9", "q"}
    engine.write([], replace_groups=["p"])
    assert found(engine, "discount") == {"q"}


def test_keys_tell_each_document_and_whether_it_is_as_it_should_be(fill: Fill) -> None:
    rows = [document("a", "Discount"), document("b", "Renewal", stored={"proof": "p"})]
    engine = fill(*rows)
    assert engine.keys() == {one.key: fingerprint(one) for one in rows}
    changed = document("a", "Discount", audiences=("dep:3",))
    engine.write([changed], deleted=["b"])
    assert engine.keys() == {"a": fingerprint(changed)}
    assert fingerprint(changed) != fingerprint(rows[0])


def test_every_commit_has_a_generation_of_its_own(fill: Fill) -> None:
    engine = fill(document("a", "Discount"))
    seen = [engine.generation()]
    for act in (lambda: engine.write([document("b", "Discount")]), lambda: engine.rebuild([document("a", "Discount")])):
        assert engine.generation() == seen[-1]
        act()
        seen.append(engine.generation())
    assert len(set(seen)) == 3
    engine.refresh()
    assert engine.search(question("discount")).generation == seen[-1]


def test_upkeep_comes_to_an_end_and_changes_nothing_of_what_is_found(fill: Fill) -> None:
    engine = fill(*(document(f"k{n}", "Discount") for n in range(20)))
    for n in range(20):
        engine.write([document(f"k{n}", "Renewal"), document(f"new{n}", "Discount")], deleted=[f"new{n - 2}"])
    engine.refresh()
    before, held = keys(engine.search(question("renewal", limit=50))), engine.keys()
    times = 0
    while engine.tidy(0):
        times += 1
        assert times < 10_000
        if times == 10:
            engine.write([document("late", "Discount")], deleted=["k0"])
    assert found(engine, "discount") == {"new18", "new19", "late"}
    assert sorted(keys(engine.search(question("renewal", limit=50)))) == sorted(set(before) - {"k0"})
    assert set(engine.keys()) == {*held, "late"} - {"k0"}
    assert engine.state() == "ready"


def test_there_is_no_upkeep_where_there_is_no_copy(engine: SearchEngine) -> None:
    assert engine.tidy() is False


def test_other_processes_see_what_one_wrote(fill: Fill, open_engine: Open) -> None:
    engine, other = fill(document("a", "Discount")), open_engine()
    assert found(other, "discount") == {"a"}
    engine.write([document("b", "Discount")])
    assert other.generation() == engine.generation()
    assert found(other, "discount") == {"a", "b"}
    other.close()
    assert found(other, "discount") == {"a", "b"}


def test_searches_go_on_with_the_old_copy_until_the_new_one_stands(fill: Fill, open_engine: Open) -> None:
    engine, other, told = fill(document("old", "Discount")), open_engine(), list[int]()
    before = engine.generation()

    def rows() -> Iterator[Document]:
        for number in range(150):
            yield document(f"new{number}", "Discount")
            yield document("new0", "Renewal")  # of two with one key the first is taken
        for one in (engine, other):
            assert keys(one.search(question("discount"))) == ["old"]
            assert (one.generation(), one.state()) == (before, "ready")

    assert engine.rebuild(rows(), told.append) == 150
    assert told == sorted(told)
    assert told[-1] == 150
    for one in (engine, other):
        one.refresh()
        assert one.search(question("discount")).total == 150
        assert one.search(question("renewal")).total == 0


def test_a_rebuild_that_fails_leaves_the_copy_as_it_was(fill: Fill) -> None:
    engine = fill(document("a", "Discount"))
    before = engine.generation()

    def rows() -> Iterator[Document]:
        yield document("b", "Discount")
        raise LookupError("the database went away")

    with pytest.raises(LookupError):
        engine.rebuild(rows())
    assert (engine.generation(), engine.state(), found(engine, "discount")) == (before, "ready", {"a"})


def test_threads_search_whole_states_while_one_writes_and_rebuilds(fill: Fill) -> None:
    """Each row bears the number of the round that wrote it; all rows of a state are of one round."""
    engine = fill(*(document(f"k{n}", "Discount", stored={"round": "0"}) for n in range(30)))
    over = threading.Event()

    def search() -> int:
        times = 0
        while not over.is_set() or not times:
            answer = engine.search(question("discount", limit=30))
            assert (answer.total, len({hit.key for hit in answer.hits})) == (30, 30)
            assert len({hit.stored["round"] for hit in answer.hits}) == 1
            times += 1
        return times

    with ThreadPoolExecutor(4) as pool:
        searching = [pool.submit(search) for _ in range(4)]
        try:
            for number in range(1, 13):
                rows = [document(f"k{n}", "Discount", stored={"round": str(number)}) for n in range(30)]
                if number % 4:
                    engine.write(rows)
                else:
                    engine.rebuild(rows)
        finally:
            over.set()
        assert min(one.result() for one in searching) > 0
    engine.refresh()
    assert {hit.stored["round"] for hit in engine.search(question("discount", limit=30)).hits} == {"12"}
