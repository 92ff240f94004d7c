"""Links of a Markdown file to the files around it, rewritten to links between items and to files of the portal."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from portal.core.markdown_finish import slug
from portal.core.markdown_references import outside_code

_TARGET = r"<(?P<angled>[^<>\n]{0,500})>|(?P<bare>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)"
_INLINE = re.compile(rf"\]\([ \t]*(?:{_TARGET})(?P<title>[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)")
_REFERENCE = re.compile(rf"^(?P<head> {{0,3}}\[[^\[\]\n^][^\[\]\n]*\]:[ \t]*)(?:{_TARGET})", re.MULTILINE)
_TAG = re.compile(r"<(?P<name>a|img)\b(?P<rest>[^<>]{0,2000})>", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?P<head>\b(?:href|src)[ \t]*=[ \t]*)(?P<sign>[\"'])(?P<value>[^\"'\n]*)(?P=sign)", re.IGNORECASE
)
_ALT = re.compile(r"\balt[ \t]*=[ \t]*([\"'])([^\"'\n]*)\1", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Target:
    """An address as it was typed, cut into the path of a file and the anchor in it; a path may be empty."""

    typed: str
    path: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a link leads in the portal: `item:12`, or `file:7`, which is shown only where it is a picture."""

    address: str
    is_picture: bool = False


Resolve = Callable[[Target], Aim | None]


def rewrite_links(text: str, resolve: Resolve) -> str:
    """Replace every relative address that `resolve` knows, outside of code; all other text stays as it is.

    A picture whose target is none becomes a link to it, and bare words where it stands inside a link already.
    """
    return outside_code(text, lambda part: _rewrite(part, resolve))


def read_target(typed: str) -> Target | None:
    """An address cut in parts, or None where it leads to another site."""
    address = _ESCAPED.sub(r"\1", typed.strip())
    if not address or _ELSEWHERE.match(address):
        return None
    path, _, anchor = address.partition("#")
    return Target(typed, unquote(path.partition("?")[0]), slug(unquote(anchor)) if anchor else "")


def _rewrite(text: str, resolve: Resolve) -> str:
    if "](" in text:
        text = _rewrite_inline(text, resolve)
    if "]:" in text:
        text = _REFERENCE.sub(lambda found: _reference(found, resolve), text)
    return _TAG.sub(lambda found: _tag(found, resolve), text) if "<" in text else text


def _rewrite_inline(text: str, resolve: Resolve) -> str:
    done, at = "", 0
    for found in _INLINE.finditer(text):
        done, at = done + text[at : found.start()], found.end()
        aim = _aim(found["angled"] if found["angled"] is not None else found["bare"], resolve)
        if aim is None:
            done += found[0]
            continue
        opening = _opening(done)
        if opening and done[opening - 1] == "!" and not aim.is_picture:
            words = done[opening + 1 :] or "image"
            if done[: opening - 1].endswith("["):
                done = done[: opening - 1] + words
                continue
            done = f"{done[: opening - 1]}[{words}"
        done += f"]({aim.address}{found['title'] or ''})"
    return done + text[at:]


def _opening(done: str) -> int:
    """Where the `[` stands whose `]` comes next; 0 where there is none near, or at the very beginning."""
    depth = 0
    for at in range(len(done) - 1, max(-1, len(done) - 1000), -1):
        if done[at] == "]":
            depth += 1
        elif done[at] == "[":
            if not depth:
                return at
            depth -= 1
    return 0


def _reference(found: re.Match[str], resolve: Resolve) -> str:
    aim = _aim(found["angled"] if found["angled"] is not None else found["bare"], resolve)
    return f"{found['head']}{aim.address}" if aim else found[0]


def _tag(found: re.Match[str], resolve: Resolve) -> str:
    address = _ADDRESS.search(found["rest"])
    aim = _aim(address["value"], resolve) if address else None
    if address is None or aim is None:
        return found[0]
    if found["name"].lower() == "img" and not aim.is_picture:
        alt = _ALT.search(found["rest"])
        return f'<a href="{aim.address}">{alt[2] if alt and alt[2].strip() else "image"}</a>'
    rest = found["rest"]
    return f'<{found["name"]}{rest[: address.start()]}{address["head"]}"{aim.address}"{rest[address.end() :]}>'


def _aim(typed: str, resolve: Resolve) -> Aim | None:
    target = read_target(typed)
    return resolve(target) if target else None
