"""Doors of the export for managers: what it holds, and the ZIP itself."""

from collections import Counter
from collections.abc import Sequence
from tempfile import TemporaryFile
from zipfile import ZipFile

from flask import Response
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import managers
from portal.core.web import Door, Feature, close_reading_session, page
from portal.features.exchange.pages import ExportPage
from portal.shared.exchange.exporting import pieces, write_files, write_texts
from portal.shared.exchange.queries import ExportSource, ExportSources, list_titles, sight_of
from portal.shared.files.store import FileStore

feature = Feature("exchange", private=True)
WORDS = {
    "playbook": "playbooks",
    "path": "paths",
    "objection": "objections",
    "question": "questions",
    "competitor": "competitors",
}


@feature.get("/export", allow=managers)
def index(door: Door) -> ResponseReturnValue:
    """What the ZIP would hold."""
    kinds = [source.kind for source in _sources(door)]
    found = Counter(one.kind for one in list_titles(door.session, sight_of(door.actor), kinds).values())
    return page("exchange/index.html", ExportPage([(words, found[kind]) for kind, words in WORDS.items()]))


@feature.get("/export/fieldhouse.zip", allow=managers)
def download(door: Door) -> ResponseReturnValue:
    """The ZIP: put together on disk, so that no reading unit is held while it is sent, and sent piece by piece."""
    target = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        with ZipFile(target, "w") as archive:
            written = write_texts(door.session, sight_of(door.actor), _sources(door), archive)
            close_reading_session()
            write_files(written, door.service(FileStore), archive)
        size = target.tell()
    except BaseException:
        target.close()
        raise
    response = Response(pieces(target), mimetype="application/zip", direct_passthrough=True)
    response.call_on_close(target.close)
    response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="fieldhouse-{clock.today()}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _sources(door: Door) -> Sequence[ExportSource]:
    return door.service(ExportSources).sources
