"""The files that items show, as search documents: found with their item, by whoever may read it, never without it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.files.pages import anchor_of
from portal.shared.files.passages import passages
from portal.shared.files.queries import FileWords, Place, list_names
from portal.shared.finding.marking import marked
from portal.shared.finding.pages import ResultRow
from portal.shared.search_index.records import Document, Hit

_KEY = re.compile(r"#file-(\d+)-(\d+)\.\d+$")
Names = Mapping[Place, str]


def documents_of_files(title: str, item: Document, files: Iterable[FileWords]) -> Iterator[Document]:
    """A document for each passage of the files of an item, in the item's group, with its audience, facets and figures.

    `item` is any document of the item, `title` the item's own.
    """
    for file in files:
        anchor = anchor_of(file.item_id, file.file_id)
        for number, words in enumerate(passages(file.text)):
            yield replace(
                item,
                key=f"{item.group}#{anchor}.{number}",
                title=f"{title} › {file.name}",
                variants=(),
                say="",
                body=words,
                quiet="",
                headings="",
                stored={},
            )


def list_hit_names(session: Session, actor: Actor, hits: Sequence[Hit]) -> Names:
    """The names of the files that hits lie in, as far as their items show them now and this person may see those."""
    return list_names(session, actor, [place for hit in hits if (place := _place_of(hit))])


def in_file(row: ResultRow, hit: Hit, names: Names) -> ResultRow | None:
    """The row of an item, leading to the file that the hit lies in and showing the passage; None where that is gone.

    A hit in no file leaves the row as it is.
    """
    place = _place_of(hit)
    if place is None:
        return row
    if place not in names:
        return None
    passage = marked(hit.snippet.text, hit.snippet.matches)
    return replace(
        row,
        url=f"{row.url.partition('#')[0]}#{anchor_of(*place)}",
        snippet_html=Markup("<b>{}</b>: {}").format(names[place], passage),
    )


def _place_of(hit: Hit) -> Place | None:
    found = _KEY.search(hit.key)
    return (int(found[1]), int(found[2])) if found else None
