"""Requests that are refused before any view: forged forms, foreign origins, odd hosts, bodies that are too large."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

BODY = 2 * 1024 * 1024
UPLOAD = 26 * 1024 * 1024
PARTS = 500


def install(app: Flask, *, base_url: str, proxies: int) -> None:
    """CSRF on every form, an origin check beside it, trusted hosts, and limits of body and form."""
    app.config.update(
        MAX_CONTENT_LENGTH=UPLOAD,
        MAX_FORM_MEMORY_SIZE=BODY,
        MAX_FORM_PARTS=PARTS,
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open for a day; the token ends with the session
        WTF_CSRF_SSL_STRICT=False,  # the origin check below is stricter and knows the base URL
        TRUSTED_HOSTS=_hosts(base_url),
    )
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    own = base_url.lower().removesuffix(":443" if base_url.startswith("https:") else ":80")

    @app.before_request
    def check_origin() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() not in (own, f"{request.scheme}://{request.host}"):
            abort(403)
        if request.mimetype != "multipart/form-data":
            request.max_content_length = BODY  # such a body is read at once

    CSRFProtect(app)  # after the origin: a foreign form is refused before its body is read


def only_from_here(app: Flask) -> None:
    """Answer this machine alone, whatever address a server listens on: what is behind it has public passwords."""

    @app.before_request
    def refuse_others() -> None:
        if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - nobody's address, to be refused
            abort(403)


def _hosts(base_url: str) -> list[str]:
    """The host of the base URL, and this machine's own names for health checks."""
    return sorted({urlsplit(base_url).hostname or "localhost", "localhost", "127.0.0.1"})


def safe_next(target: str | None) -> str:
    """A path of this portal to go on to after signing in; anything else leads to the front page.

    Browsers read `//host`, `/\\host` and control characters as another site's address.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if any(c < " " or c in "\\\x7f" for c in target) or target.startswith(("/login", "/logout")):
        return "/"
    return target
