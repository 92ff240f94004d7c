"""Problems as pages: what happened, what was kept, what to do, and the id under which the log knows it."""

import re
import time
from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from portal.core.errors import Problem, TooMany
from portal.core.ids import new_token

log = structlog.get_logger("web")
_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
KEPT = "What you typed is still in this browser: go back, and it is there."


@dataclass(frozen=True, slots=True)
class Said:
    """The words of an error page."""

    headline: str
    happened: str
    todo: str = ""


SAID = {
    400: Said("That request could not be read", "Something in it was malformed.", "Go back and try once more."),
    401: Said("Please sign in", "You were signed out, or your session ran out.", "Sign in and come back to this page."),
    403: Said("Not open to you", "You may not do this.", "If you need to, ask an admin for the role."),
    404: Said("Nothing here", "There is nothing at this address, or you may not see it.", "Search for it above."),
    405: Said("Not that way", "This address does not take that kind of request.", "Go back and use the button."),
    409: Said("Somebody was quicker", "The text changed while you were writing.", "Go back; both texts are kept."),
    413: Said("Too large", "A form may have 2 MB, a file 25 MB.", "Send a smaller one."),
    415: Said("Not a file we take", "The file is of a kind that cannot be kept here.", "Save it in another format."),
    422: Said("Something is missing", "The form could not be taken as it was.", "Go back and look at it."),
    429: Said("A little slower", "There were too many tries in a short time.", "Wait a moment and try again."),
    500: Said(
        "That went wrong on our side", "An error was recorded.", "Try again; if it stays, tell an admin the id below."
    ),
    503: Said("Back in a moment", "The database does not answer just now.", "Try again in a few seconds."),
}


def install(app: Flask) -> None:
    """Give each request an id and a log line, and turn every problem into a page of the house."""

    @app.before_request
    def start() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _SAFE_ID.match(given) else new_token()[:16]
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint not in ("assets.serve", "health.livez"):
            took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
            log.info("request", method=request.method, path=_said_path(), status=response.status_code, ms=took)
        return response

    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_gone)
    app.register_error_handler(PoolExhausted, _database_gone)
    app.register_error_handler(Exception, _unforeseen)


def error_page(status: int, happened: str = "") -> Response:
    """The page of a status; `happened` replaces the general sentence."""
    said = SAID.get(status, SAID[500] if status >= 500 else SAID[400])
    kept = KEPT if request.method == "POST" else ""
    page = render_template(
        "errors/error.html", status=status, headline=said.headline, happened=happened or said.happened, kept=kept,
        todo=said.todo,
    )  # fmt: skip
    return make_response(page, status)


def _said_path() -> str:
    """The path as the log may say it: the token of a mailed link is a secret."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "…") if token else request.path


def _problem(problem: Problem) -> Response:
    response = error_page(problem.status, problem.message)
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _forged(error: CSRFError) -> Response:
    return error_page(400, "The form was too old, or it did not come from this portal.")


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = error_page(error.code)
    if error.code == 405:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return response


def _database_gone(error: OperationalError | PoolExhausted) -> Response:
    log.error("database_error", error=str(getattr(error, "orig", error)))
    response = error_page(503)
    response.headers["Retry-After"] = "3"
    return response


def _unforeseen(error: Exception) -> Response:
    log.exception("unforeseen_error", path=_said_path())
    return error_page(500)
