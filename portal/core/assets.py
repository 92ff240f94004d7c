"""Static files under hashed names: style sheets and behaviours joined at start, compressed once, cached for a year."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

CSS_ORDER = ("reset", "tokens", "base", "layout")
COMPRESSED = {"text/css", "text/javascript", "image/svg+xml", "application/json", "text/plain"}
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
LAYERS = "@layer reset, tokens, base, layout, components, features;\n"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: raw and gzipped bytes, type, and its hashed address."""

    body: bytes
    packed: bytes | None
    mimetype: str
    url: str


class Assets:
    """All static files of the application, read once at start."""

    def __init__(self, folder: Path, *, joined: bool) -> None:
        self.folder, self.joined = folder, joined
        self._by_name: dict[str, Asset] = {}
        self._by_path: dict[str, Asset] = {}
        styles, scripts = style_sheets(folder), behaviours(folder)
        if joined:
            self._add("app.css", (LAYERS + "\n".join(_lean_css(p.read_text("utf-8")) for p in styles)).encode())
            self._add("app.js", _join_scripts(folder, scripts))
            self.css, self.js = [self.url("app.css")], [self.url("app.js")]
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            self._add(path.relative_to(folder).as_posix(), path.read_bytes())
        if not joined:
            self.css = [self.url(p.relative_to(folder).as_posix()) for p in styles]
            self.js = [self.url(p.relative_to(folder).as_posix()) for p in [*vendored(folder), *scripts]]

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
        packed = gzip.compress(body, 9, mtime=0) if mimetype in COMPRESSED and len(body) > 300 else None
        self._by_name[name] = self._by_path[path] = Asset(body, packed, mimetype, f"/assets/{path}")


def style_sheets(folder: Path) -> list[Path]:
    """Style sheets in the order of their layers."""
    css = folder / "css"
    first = [css / f"{name}.css" for name in CSS_ORDER if (css / f"{name}.css").exists()]
    return [*first, *sorted((css / "components").glob("*.css")), *sorted((css / "features").glob("*.css"))]


def behaviours(folder: Path) -> list[Path]:
    """One small script per behaviour; `behaviour.js`, which the others call, first."""
    return sorted((folder / "js").glob("*.js"), key=lambda path: (path.name != "behaviour.js", path.name))


def vendored(folder: Path) -> list[Path]:
    """Scripts of others that every page loads."""
    return [path for path in [folder / "vendor" / "htmx" / "htmx.min.js"] if path.exists()]


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
    app.jinja_env.globals.update(asset_url=assets.url, bundle_css=lambda: assets.css, bundle_js=lambda: assets.js)


def _join_scripts(folder: Path, scripts: Iterable[Path]) -> bytes:
    """Vendored scripts as they are, then each behaviour in a block of its own, so that names do not meet."""
    parts = [path.read_text("utf-8") for path in vendored(folder)]
    for path in scripts:
        text = _lean_js(path.read_text("utf-8"))
        parts.append(text if path.name == "behaviour.js" else f"{{\n{text}\n}}")
    return "\n;\n".join(parts).encode()


def _lean_css(text: str) -> str:
    """Without comments and indentation: what people read is not sent."""
    return "\n".join(line for line in (row.strip() for row in _CSS_COMMENT.sub("", text).splitlines()) if line)


def _lean_js(text: str) -> str:
    """Without indentation and lines that are comments; behaviours hold no text of several lines."""
    rows = (row.strip() for row in text.splitlines())
    return "\n".join(row for row in rows if row and not row.startswith("//"))
