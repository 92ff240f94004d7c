"""What the audiences of a question do not include takes part in nothing."""

from portal.shared.search_index.records import Query
from tests.shared.search_index.contract.conftest import Fill
from tests.shared.search_index.samples import document, keys, question

LEGAL = ("dep:3", "person:17")


def as_legal(words: str, **more: object) -> Query:
    return question(words, audiences=frozenset(["all", "dep:3"]), **more)


def test_only_those_who_may_see_a_row_find_it(fill: Fill) -> None:
    engine = fill(
        document("open", "Merger words"),
        document("legal", "Merger words", audiences=LEGAL),
        document("nobody", "Merger", audiences=()),
    )
    assert keys(engine.search(question("merger"))) == ["open"]
    assert set(keys(engine.search(as_legal("merger")))) == {"open", "legal"}
    assert engine.search(question("merger", audiences=frozenset())).total == 0
    assert set(keys(engine.search(question(audiences=frozenset(["person:17"]))))) == {"legal"}


def test_no_count_facet_or_fold_tells_of_hidden_rows(fill: Fill) -> None:
    engine = fill(
        document("p", "Merger", group="p", facets={"tag": ("open",)}),
        document("p#h", "Merger", group="p", facets={"tag": ("secret",)}, audiences=LEGAL),
        document("q", "Merger", facets={"tag": ("open", "secret")}, kind="plan", audiences=LEGAL),
    )
    found = engine.search(question("merger", facets=("tag", "kind")))
    assert (found.total, [hit.folded for hit in found.hits]) == (1, [0])
    assert found.facets == {"tag": (("open", 1),), "kind": (("note", 1),)}
    found = engine.search(as_legal("merger", facets=("tag",)))
    assert (found.total, found.facets["tag"]) == (2, (("open", 2), ("secret", 2)))


def test_no_completion_or_correction_tells_of_hidden_words(fill: Fill) -> None:
    engine = fill(document("a", "Meters"), document("b", "Mergatroid", audiences=LEGAL))
    assert engine.words("me", frozenset(["all"])) == ["meters"]
    assert set(engine.words("me", frozenset(["all", "dep:3"]))) == {"meters", "mergatroid"}
    assert engine.search(question("mergatriod")).corrected == ()
    assert engine.search(as_legal("mergatriod")).corrected == (("mergatriod", "mergatroid"),)
    assert engine.search(question("merga", typing=True)).total == 0


def test_no_explanation_tells_of_hidden_rows(fill: Fill) -> None:
    engine = fill(document("a", "Merger", facets={"item": ("1",)}, audiences=LEGAL), document("b", "Merger"))
    explained = engine.explain(question("merger"), "1")
    assert (explained.row, explained.absence, explained.total) == (None, "not indexed", 1)
    assert [word.rows for word in explained.words] == [1]
    assert engine.explain(as_legal("merger"), "1").row is not None


def test_an_answer_says_the_same_whether_hidden_rows_are_there_or_not(fill: Fill) -> None:
    visible = [document(f"k{n}", "Merger" if n % 2 else "Renewal", "merger renewal " * n) for n in range(6)]
    hidden = [document(f"h{n}", "Merger renewal of zirconium", "merger", audiences=LEGAL) for n in range(9)]
    for words in ("merger", "merger renewal", "zirconium renewal", "merger zirconuim"):
        answers = []
        for rows in ([*visible, *hidden], visible):
            found = fill(*rows).search(question(words, facets=("kind",)))
            shown = {(hit.key, hit.missing, hit.folded) for hit in found.hits}
            answers.append((shown, found.total, found.facets, found.corrected, found.complete))
        assert answers[0] == answers[1], words
