"""Small documents and questions for the tests of search."""

from typing import Any

from portal.shared.search_index.records import Document, Found, Query

ALL = ("all",)


def document(key: str, title: str = "", body: str = "", **more: Any) -> Document:
    """A document that everybody may see, a group of its own, unless told otherwise."""
    return Document(
        **{"key": key, "kind": "note", "group": key, "title": title, "body": body, "audiences": ALL, **more}
    )


def question(words: str = "", **more: Any) -> Query:
    """A question by somebody who may see what everybody may see."""
    return Query(**{"words": words, "audiences": frozenset(ALL), **more})


def keys(found: Found) -> list[str]:
    """The keys of the hits in their order."""
    return [hit.key for hit in found.hits]
