"""Logs: JSON for machines, readable on a terminal, a request id on each line of a request, and no secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_SECRET_NAMES = re.compile(r"pass(word)?|secret|token|cookie|authorization|csrf", re.IGNORECASE)
_SECRET_PARTS = re.compile(
    r"(?P<name>(?:token|password|key|secret)=)[^&\s]+|(?P<path>/(?:invitation|reset)/)[\w-]{20,}"
    r"|(?P<login>://[^\s:/@]*:)[^\s/@]+(?=@)",
    re.IGNORECASE,
)


def hide_secrets(logger: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank the values of fields that name a secret, and tokens and passwords inside addresses, however deep."""
    for name, value in entry.items():
        entry[name] = _hidden(name, value)
    return entry


def _hidden(name: str, value: Any) -> Any:
    if _SECRET_NAMES.search(name):
        return "…"
    if isinstance(value, str):
        return _SECRET_PARTS.sub(lambda found: found[found.lastgroup or 0] + "…", value)
    if isinstance(value, Mapping):
        return {key: _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_hidden(name, inner) for inner in value]
    return value


def configure(style: str = "auto", level: str = "INFO") -> None:
    """Set up logging once per process; style is `json`, `text` or `auto` (text on a terminal)."""
    readable = style == "text" or (style == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    plain = structlog.dev.plain_traceback  # others print the variables, and with them what is secret
    console = structlog.dev.ConsoleRenderer(exception_formatter=plain)
    renderer: Any = console if readable else structlog.processors.JSONRenderer(sort_keys=True)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(getattr(logging, level), logging.WARNING), force=True)
