"""Writes an export: a ZIP with a Markdown file for each item, and the files that their texts show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any, Final
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from portal.core import front_matter
from portal.core.ids import address
from portal.core.markdown_references import Named, Place, Unseen
from portal.shared.exchange.forms import SIGN, VERSION
from portal.shared.exchange.linking import numbers_in, to_file
from portal.shared.exchange.queries import BATCH, ExportSource, Names, Page, Prose, Ref, Sight, list_titles
from portal.shared.files.models import StoredFile
from portal.shared.files.store import FileStore

FILES: Final = "files"
_CHUNK: Final = 1024 * 1024
_EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Written:
    """What an export holds: how many items of each kind, its files, and what was left out by name with the reason."""

    counts: dict[str, int] = field(default_factory=dict)
    files: dict[int, StoredFile] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def write_texts(session: Session, sight: Sight, sources: Sequence[ExportSource], archive: ZipFile) -> Written:
    """Write every text, and tell which files are still to be written: that needs no database any more.

    A fixed number of statements for each BATCH items of a kind.
    """
    writer = _Writer(session, sight, sources)
    for name, moment, text in writer.texts():
        _put(archive, name, moment, text)
    return writer.written


def write_files(written: Written, store: FileStore, archive: ZipFile) -> None:
    """Write the files that the texts show; one whose bytes are lost is left out, and told."""
    for _, file in sorted(written.files.items()):
        info = _info(path_of_file(file), file.at, ZIP_STORED)
        try:
            source = store.open(file.sha256)
        except FileNotFoundError:
            written.left_out.append(f"{info.filename}: its bytes are lost; `portal files check` tells more")
            continue
        with source, archive.open(info, "w") as target:
            while chunk := source.read(_CHUNK):
                target.write(chunk)


def path_of_file(file: StoredFile) -> str:
    """Where a file stands in an export."""
    return f"{FILES}/{file.id}/{file.name}"


def pieces(archive: IO[bytes]) -> Iterator[bytes]:
    """A finished archive from its beginning, piece by piece; closed at the end."""
    with archive:
        archive.seek(0)
        while chunk := archive.read(_CHUNK):
            yield chunk


class _Writer:
    """One export: what goes in, what is written, and how texts lead from one to the other."""

    def __init__(self, session: Session, sight: Sight, sources: Sequence[ExportSource]) -> None:
        self.session, self.sight, self.sources = session, sight, sources
        self.titles = list_titles(session, sight, [source.kind for source in sources])
        self.folders = {source.kind: source.folder for source in sources}
        self.written = Written()
        self._shown: dict[int, StoredFile] = {}

    def texts(self) -> Iterator[tuple[str, datetime, str]]:
        """Name, moment and content of each file, kind by kind."""
        names = Names(self.session)
        for source in self.sources:
            ids = [number for number, title in self.titles.items() if title.kind == source.kind]
            self.written.counts[source.kind] = 0
            for start in range(0, len(ids), BATCH):
                pages = source.load(self.session, self.sight, ids[start : start + BATCH], names)
                facts = names.facts([page.item for page in pages])
                self._find_files(pages)
                for page in pages:
                    yield from self._text(page, facts[page.item.id])
                self.session.expunge_all()

    def _text(self, page: Page, facts: Mapping[str, Any]) -> Iterator[tuple[str, datetime, str]]:
        item, name = page.item, self._path(page.item.id)
        head = {SIGN: VERSION, "kind": item.kind, "id": item.id, "title": item.title, **page.values, **facts}
        try:
            text = front_matter.join(self._plain(head), to_file(page.text, self._find).strip())
        except Unseen:
            self.written.left_out.append(f"{name}: it names what is left out in a way that cannot be cut out")
            return
        self.written.counts[item.kind] += 1
        yield name, facts["changed"], text

    def _path(self, item_id: int) -> str:
        title = self.titles[item_id]
        return f"{self.folders[title.kind]}/{address(item_id, title.slug)}.md"

    def _find(self, named: Named) -> Place | None:
        if named.is_file:
            file = self._shown.get(named.number)
            if file is None:
                return None
            self.written.files[file.id] = file
            return Place("../" + quote(path_of_file(file)), file.name)
        title = self.titles.get(named.number)
        return Place("../" + self._path(named.number), title.title) if title else None

    def _find_files(self, pages: Sequence[Page]) -> None:
        texts = [page.text for page in pages] + [text for page in pages for text in _prose(page.values)]
        numbers = {named.number for text in texts for named in numbers_in(text) if named.is_file}
        self._shown = {file.id: file for file in self.sight.list_files(self.session, numbers)}

    def _is_in(self, value: Any) -> bool:
        """Whether what an entry of a list is about goes into the export."""
        about = value.get("item") if isinstance(value, Mapping) else value
        return not isinstance(about, Ref) or about.item_id in self.titles

    def _plain(self, value: Any) -> Any:
        """Values as YAML has them; references to what is left out are left out."""
        if isinstance(value, Mapping):
            rows = ((name, self._plain(one)) for name, one in value.items())
            return {name: one for name, one in rows if one not in (None, "", [])}
        if isinstance(value, Ref):
            return "../" + self._path(value.item_id) if value.item_id in self.titles else None
        if isinstance(value, Prose):
            return to_file(str(value), self._find)
        if isinstance(value, list | tuple):
            return [self._plain(one) for one in value if self._is_in(one)]
        return value


def _prose(value: Any) -> Iterator[str]:
    if isinstance(value, Prose):
        yield str(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _prose(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _prose(one)


def _put(archive: ZipFile, name: str, moment: datetime, text: str) -> None:
    archive.writestr(_info(name, moment, ZIP_DEFLATED), text.encode())


def _info(name: str, moment: datetime, method: int) -> ZipInfo:
    info = ZipInfo(name, max(moment, _EPOCH).astimezone(UTC).timetuple()[:6])
    info.compress_type, info.external_attr = method, 0o644 << 16
    return info
