"""The cleaner: one list of the HTML that may stay; whatever is not on it goes, attributes before all."""

import re
from collections import Counter
from typing import Final

import nh3

from portal.core.ids import ID
from portal.core.markdown_limits import KINDS, MARK_END, MARK_START

MAX_OPEN_TAGS: Final = 2000

ITEM_ADDRESS: Final = re.compile(rf"item:({ID})(?:#([^\s#\"<>]{{1,120}}))?")
FILE_ADDRESS: Final = re.compile(rf"file:({ID})")
FILE_PATH: Final = re.compile(rf"/files/({ID})(?:/[\w.-]*\w)?")

_WORDS = "p br hr h1 h2 h3 h4 h5 h6 strong em del code pre blockquote ul ol li a img table thead tbody tr th td"
TAGS: Final = frozenset(f"{_WORDS} sup sub kbd details summary span div".split())

_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href", "title", "class"},
    "img": {"src", "alt", "title", "width", "height"},
    "th": {"align"},
    "td": {"align"},
    "ol": {"start"},
    "code": {"class"},
    "div": {"class"},
    "p": {"class"},
    "li": {"id"},
    "sup": {"id"},
}
_CLASSES = {
    "a": {"footnote-ref", "footnote-backref"},
    "div": {"admonition", "footnote", *KINDS},
    "p": {"admonition-title"},
}
_VALUES = {
    ("th", "align"): re.compile(r"left|center|right"),
    ("td", "align"): re.compile(r"left|center|right"),
    ("ol", "start"): re.compile(r"[0-9]{1,9}"),
    ("code", "class"): re.compile(r"language-[a-z0-9_+#-]{1,30}"),
    ("img", "width"): re.compile(r"[1-9][0-9]{0,3}"),
    ("img", "height"): re.compile(r"[1-9][0-9]{0,3}"),
    ("li", "id"): re.compile(r"fn-[0-9]{1,4}"),
    ("sup", "id"): re.compile(r"fnref[0-9]{0,6}-[0-9]{1,4}"),
}
_TAG = re.compile(
    r"<!--(?:(?!<!--|-->).)*+-->"
    r"|</?(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    r"(?:[\s/]+[^\s\"'=<>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>]++))?+)*+[\s/]*+>"
    r"|<",
    re.DOTALL,
)
_CONTROL = re.compile(rf"[\x00-\x1f\x7f]|{MARK_START}[0-9]+{MARK_END}")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_OUTWARD = re.compile(r"https?://[^/\s]|mailto:[^\s]", re.IGNORECASE)


def may_lead_to(address: str) -> str | None:
    """The address as a browser would read it, or None where it may not be followed.

    Allowed: http, https, mailto, `item:12#anchor`, `file:7`, `#anchor` and relative paths on our own host.
    """
    address = _CONTROL.sub("", address).strip()
    if _SCHEME.match(address):
        known = _OUTWARD.match(address) or ITEM_ADDRESS.fullmatch(address) or FILE_ADDRESS.fullmatch(address)
        return address if known else None
    if not address or address.startswith(("//", "\\", "/\\")):
        return None
    return address


def is_known(tag: str) -> bool:
    """Whether an HTML tag is complete and on the list; a comment counts as known."""
    found = _TAG.fullmatch(tag)
    return bool(found and (not found["name"] or found["name"].lower() in TAGS) and len(tag) > 1)


def only_known_tags(html: str) -> str:
    """HTML as typed without comments and tags that are not on the list, and with any other `<` made a plain sign.

    So nothing is left that could swallow what follows: no open comment, value, `<title>` or `<template>`.
    """
    return _TAG.sub(_known_tag, html)


def clean(html: str) -> str:
    """HTML of the parser, or of anyone, with nothing left that is not on the list; `<` stands only before tags."""
    return _CLEANER.clean(html)


def open_tags(html: str) -> int:
    """The most tags that stand open at once: each costs the cleaner a look at all before it."""
    counts: Counter[str] = Counter()
    total = most = 0
    for closing, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        if name.lower() in {"br", "hr", "img"}:
            continue
        if not closing:
            counts[name] += 1
            total += 1
            most = max(most, total)
        elif counts[name]:
            counts[name] -= 1
            total -= 1
    return most


def _known_tag(found: re.Match[str]) -> str:
    if found[0] == "<":
        return "&lt;"
    return found[0] if found["name"] and found["name"].lower() in TAGS else ""


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in {"href", "src"}:
        return may_lead_to(value)
    if pattern := _VALUES.get((tag, name)):
        return value if pattern.fullmatch(value) else None
    if name == "class":
        return " ".join(word for word in value.split() if word in _CLASSES.get(tag, ())) or None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "item", "file"},
    link_rel=None,
)
