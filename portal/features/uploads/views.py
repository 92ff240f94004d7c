"""Doors of files: put one in, and have one back if you may see it; a picture is shown, everything else downloaded."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import headers, limits
from portal.core.access import signed_in
from portal.core.errors import Invalid, Problem
from portal.core.limits import Limit
from portal.core.web import Door, Feature, found, page
from portal.settings import Settings
from portal.shared.files.kinds import INLINE, SVG
from portal.shared.files.models import StoredFile
from portal.shared.files.operations import upload_file
from portal.shared.files.queries import find_file, url_of
from portal.shared.files.sniffing import Checked, check_file
from portal.shared.files.store import FileStore

feature = Feature("uploads")

UPLOADS = Limit(times=20, seconds=60)
TOO_MANY = "That is 20 files in a minute; wait a moment, and the next one is taken."


class NotTaken(Problem):
    """A file cannot be kept; for the scripts that ask for JSON."""

    status = 422


@dataclass(frozen=True, slots=True)
class UploadPage:
    """The form for a file, and what became of the last one: its Markdown and address, or why it was not taken."""

    error: str = ""
    name: str = ""
    markdown: str = ""
    url: str = ""
    is_picture: bool = False


@feature.get("/files/new", allow=signed_in)
def new(door: Door) -> ResponseReturnValue:
    """The form; pages with an editor send files without it."""
    return page("uploads/new.html", UploadPage())


@feature.post("/files", allow=signed_in)
def upload(door: Door) -> ResponseReturnValue:
    """Keep the file of the field `file`; answers {"id", "name", "markdown", "url"} to scripts, a page to people."""
    wants_json = request.accept_mimetypes.best == "application/json"
    _count(door)
    try:
        file = _keep(door)
    except Invalid as refused:
        message = "; ".join(refused.errors.values())
        if wants_json:
            raise NotTaken(message) from None
        return page("uploads/new.html", UploadPage(error=message), 422)
    markdown, url = markdown_of(file), url_of(file)
    if wants_json:
        return {"id": file.id, "name": file.name, "markdown": markdown, "url": url}, 201
    content = UploadPage("", file.name, markdown, url, is_picture=file.mimetype in INLINE)
    return page("uploads/new.html", content)


@feature.get("/files/<int:file_id>", allow=signed_in)
def serve(door: Door, file_id: int) -> ResponseReturnValue:
    """A file, if it is one's own or shown by an item that one may read."""
    return _send(door, file_id)


@feature.get("/files/<int:file_id>/<name>", allow=signed_in)
def serve_named(door: Door, file_id: int, name: str) -> ResponseReturnValue:
    """The same, with a name in the address for people; the id alone decides."""
    return _send(door, file_id)


def markdown_of(file: StoredFile) -> str:
    """What stands in a text for a file: a picture shown, anything else a link."""
    words = "".join(c for c in file.name if c not in "[]\\`*_<>")
    shown = "!" if file.mimetype in INLINE else ""
    return f"{shown}[{words}](file:{file.id})"


def _keep(door: Door) -> StoredFile:
    """Sniff, clean and store outside the write lock; then the row."""
    given, actor = request.files.get("file"), door.actor
    if given is None or not given.filename:
        raise Invalid({"file": "Choose a file first."})
    checked: Checked = check_file(given.filename, given.stream.read())
    sha256 = door.service(FileStore).keep(checked.data)
    return door.write(lambda session: upload_file(session, actor, checked, sha256))


def _count(door: Door) -> None:
    """20 files a minute for each person, refused ones too: decoding them is what costs."""
    if not door.service(Settings).limits:
        return
    bucket = f"upload:{door.actor.person_id}"

    def count(session: Session) -> None:
        limits.check(session, [(bucket, UPLOADS)], TOO_MANY)
        limits.count_attempt(session, [bucket])

    door.write(count)


def _send(door: Door, file_id: int) -> Response:
    file = found(find_file(door.session, door.actor, file_id))
    try:
        data = door.service(FileStore).open(file.sha256)
    except FileNotFoundError:
        return found(None)
    is_shown = file.mimetype in INLINE
    response = send_file(
        data,
        mimetype="application/octet-stream" if file.mimetype == SVG.mimetype else file.mimetype,
        as_attachment=not is_shown,
        download_name=PurePosixPath(file.name).name,
        conditional=False,
        etag=False,
        max_age=None,
    )
    response.content_length = file.size
    response.headers["Content-Security-Policy"] = headers.FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
