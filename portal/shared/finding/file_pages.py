"""The files of an item as its page names them, also while the screen is shared."""

from collections.abc import Iterable
from dataclasses import replace

from portal.shared.files.pages import FileLine, file_lines
from portal.shared.files.queries import Attachment
from portal.shared.finding.covering import cover
from portal.shared.finding.pages import Labels


def files_shown(attachments: Iterable[Attachment], labels: Labels) -> list[FileLine]:
    """The lines of one item, competitors unnamed where they must be."""
    return [replace(line, name=cover(line.name, labels)) for line in file_lines(attachments)]
