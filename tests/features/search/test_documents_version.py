"""An index of documents of another shape is noticed and rebuilt, and a change of their shape is not forgotten."""

from collections.abc import Mapping

from flask import Flask

from portal import wiring
from portal.cli.context import Context
from portal.cli.index_watch import ask_for_index
from portal.core.db import Database
from portal.settings import Settings
from portal.shared.finding.indexing import DOCUMENTS_VERSION
from portal.shared.search_index import Document, SearchIndex
from tests import builders
from tests.features.search.conftest import House

COUNTED = "number created, number updated"
KNOWN = {
    "objection": "body, facet author, facet category, facet competitor, facet item, facet persona, facet stage, "
    f"facet state, facet tag, {COUNTED}, number verify_by, number votes, quiet, say, tags",
    "path": f"body, facet author, facet item, facet tag, {COUNTED}, number votes, tags",
    "person": "body, facet dept",
    "playbook": f"body, facet author, facet item, facet tag, {COUNTED}, number votes, tags",
    "question": f"facet author, facet item, facet state, {COUNTED}, number votes",
    "tag": "",
}
"""The shape of the documents of DOCUMENTS_VERSION 3, as far as the things of this test fill them."""


def test_an_index_of_an_older_shape_is_rebuilt_once_the_worker_is_at_work(
    app: Flask, app_database: Database, house: House
) -> None:
    services = app.extensions["fieldhouse"]
    settings, index = services[Settings], services[SearchIndex]
    right = index.keys()
    older = SearchIndex(settings.index_dir, DOCUMENTS_VERSION - 1)
    older.rebuild([Document(key="objection:1", kind="objection", group="objection:1", title="Old", audiences=("all",))])
    older.close()
    assert index.state() == "outdated"
    ask_for_index(app_database, index)
    assert Context(settings, services).worker.drain() == 1
    assert index.state() == "ready"
    assert index.keys() == right


def shape_of(documents: list[Document]) -> Mapping[str, str]:
    """What documents consist of, by kind: the parts that some of them fill, their facets and their numbers."""
    shape: dict[str, set[str]] = {}
    for one in documents:
        parts = {name for name, value in vars(one).items() if value and name not in ("facets", "numbers", "stored")}
        parts |= {f"facet {name}" for name, values in one.facets.items() if values}
        parts |= {f"number {name}" for name in one.numbers} | {f"stored {name}" for name in one.stored}
        shape.setdefault(one.kind, set()).update(parts - {"key", "kind", "group", "title", "audiences"})
    return {kind: ", ".join(sorted(parts)) for kind, parts in sorted(shape.items())}


def test_a_changed_shape_of_documents_has_a_version_of_its_own(app_database: Database, house: House) -> None:
    answer = builders.post_answer(
        app_database, house.omar, house.discount, "Which part of it?", internal=("Never below 4 %.",)
    )
    builders.vote(app_database, house.dana, answer)
    builders.write_path(app_database, house.omar, [house.dear], text="For the first week.", tags=("dairy",))
    documents: list[Document] = []
    with app_database.reading() as session:
        for source in wiring.DOCUMENTS:
            documents += source.load(session, source.list_ids(session))
    assert DOCUMENTS_VERSION == 3
    assert shape_of(documents) == KNOWN, "raise DOCUMENTS_VERSION, then write the new shape and its number here"
