"""Static files under hashed names: style sheets and behaviours joined at start, compressed once, cached for a year."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

CSS_ORDER = ("reset", "tokens", "base", "layout")
COMPRESSED = {"text/css", "text/javascript", "image/svg+xml", "application/json", "text/plain"}
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
LAYERS = "@layer reset, tokens, base, layout, components, features;\n"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: its bytes, type, and hashed address."""

    body: bytes
    mimetype: str
    url: str

    @cached_property
    def packed(self) -> bytes | None:
        """The bytes gzipped, at the first request for them; None where it would not pay."""
        pays = self.mimetype in COMPRESSED and len(self.body) > 300
        return gzip.compress(self.body, 9, mtime=0) if pays else None


class Assets:
    """All static files of the application, read once at start."""

    def __init__(self, folder: Path, *, joined: bool) -> None:
        self.folder, self.joined = folder, joined
        self._by_name: dict[str, Asset] = {}
        self._by_path: dict[str, Asset] = {}
        styles, scripts, writing = style_sheets(folder), behaviours(folder), for_writing(folder)
        if joined:
            self._add("app.css", (LAYERS + "\n".join(_lean_css(p.read_text("utf-8")) for p in styles)).encode())
            self._add("app.js", _join_scripts(scripts))
            self._add("writing.js", _join_scripts(writing))
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            self._add(path.relative_to(folder).as_posix(), path.read_bytes())
        if joined:
            self.css, self._scripts = [self.url("app.css")], ([self.url("app.js")], [self.url("writing.js")])
        else:
            self.css, self._scripts = self._urls(styles), (self._urls(scripts), self._urls(writing))

    def js(self, *, writes: bool = False) -> list[str]:
        """The addresses of the scripts of a page; a page where one `writes` at length needs more."""
        everywhere, writing = self._scripts
        return [*everywhere, *writing] if writes else everywhere

    def _urls(self, paths: Iterable[Path]) -> list[str]:
        return [self.url(path.relative_to(self.folder).as_posix()) for path in paths]

    def url(self, name: str) -> str:
        """The hashed address of a file below `static/`; a name that is not there raises KeyError."""
        return self._by_name[name].url

    def find(self, path: str) -> Asset | None:
        """The file behind a hashed path."""
        return self._by_path.get(path)

    def _add(self, name: str, body: bytes) -> None:
        stem, _, ending = name.rpartition(".")
        path = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
        # the machine's own list of types is asked last: it may call a script something that no browser runs
        mimetype = TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._by_name[name] = self._by_path[path] = Asset(body, mimetype, f"/assets/{path}")


def style_sheets(folder: Path) -> list[Path]:
    """Style sheets in the order of their layers."""
    css = folder / "css"
    first = [css / f"{name}.css" for name in CSS_ORDER if (css / f"{name}.css").exists()]
    return [*first, *sorted((css / "components").glob("*.css")), *sorted((css / "features").glob("*.css"))]


def behaviours(folder: Path) -> list[Path]:
    """One small script per behaviour; `behaviour.js`, which the others call, first."""
    return sorted((folder / "js").glob("*.js"), key=lambda path: (path.name != "behaviour.js", path.name))


def for_writing(folder: Path) -> list[Path]:
    """What only pages with an editor load: the scripts of others, then the behaviours that need them."""
    vendored = folder / "vendor" / "htmx" / "htmx.min.js"
    return [*([vendored] if vendored.exists() else []), *sorted((folder / "js" / "writing").glob("*.js"))]


def install(app: Flask, assets: Assets) -> None:
    """Serve the files at `/assets/…` and give templates `asset_url`, `bundle_css` and `bundle_js`."""
    doors = Blueprint("assets", __name__)

    @doors.get("/assets/<path:path>")
    def serve(path: str) -> Response:
        """One static file, gzipped where the browser takes it."""
        asset = assets.find(path)
        if asset is None:
            abort(404)
        packed = asset.packed if request.accept_encodings.quality("gzip") > 0 else None
        response = Response(packed or asset.body, mimetype=asset.mimetype)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.vary.add("Accept-Encoding")
        return response

    app.register_blueprint(doors)
    app.jinja_env.globals.update(
        asset_url=assets.url, bundle_css=lambda: assets.css, bundle_js=lambda writes: assets.js(writes=writes)
    )


def _join_scripts(scripts: Iterable[Path]) -> bytes:
    """Vendored scripts as they are, each behaviour in a block of its own, so that names do not meet."""
    parts = []
    for path in scripts:
        text = path.read_text("utf-8")
        if not path.name.endswith(".min.js"):
            lean = _lean_js(text)
            text = lean if path.name == "behaviour.js" else f"{{\n{lean}\n}}"
        parts.append(text)
    return "\n;\n".join(parts).encode()


def _lean_css(text: str) -> str:
    """Without comments and indentation: what people read is not sent."""
    return "\n".join(line for line in (row.strip() for row in _CSS_COMMENT.sub("", text).splitlines()) if line)


def _lean_js(text: str) -> str:
    """Without indentation and lines that are comments; behaviours hold no text of several lines."""
    rows = (row.strip() for row in text.splitlines())
    return "\n".join(row for row in rows if row and not row.startswith("//"))
