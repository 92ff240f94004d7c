"""Links of a text between its two forms: by number as the portal keeps them, by relative path as files have them."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import unquote

from portal.core.ids import ID
from portal.core.markdown_references import (
    ADDRESS,
    GONE,
    WHOLE,
    WIKI,
    Find,
    Named,
    Unseen,
    named_by,
    outside_code,
)

_SIGN: Final = re.compile(r"[`<>\[\]\\\s]+")
_FILE_ADDRESS: Final = re.compile(rf"/files/({ID})(?:/[\w.-]*\w)?")
_BACK: Final = re.compile(
    rf"\[(?P<signed>[^\[\]]*)\]\((?P<path>[^\s\[\]()<>\"'#]+)(?P<place>#[^\s()<>\"']+)? \"\[\[{ID}(?P<bar>\|)?\]\]\"\)"
    rf"|\[(?P<words>[^\[\]]*)\]\([ \t]*<?(?P<sort>item:|file:|/files/)(?P<whole>{ID})(?:/[\w.-]*\w)?"
    r"(?:#[^\s#\"'<>()]{1,120})?>?(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)"
    rf"|\[\[(?P<wiki>{ID})(?P<wiki_rest>(?:#[^\s\[\]|#]{{1,120}})?(?:\|[^\[\]]{{1,300}})?\]\])"
    r"|(?P<before>\]\([ \t]*<?|^ {0,3}\[[^\[\]\n]+\]:[ \t]*<?|\b(?:href|src)[ \t]*=[ \t]*[\"'])"
    r"(?P<address>[^\s\[\]()<>\"'#]+)(?P<anchor>#[^\s#\"'<>()]{1,120})?(?=[>\s)\"']|$)",
    re.MULTILINE,
)
_NUMBERED: Final = re.compile(rf"(item:|file:|/files/)({ID})(?:/[\w.-]*\w)?")


class Aims(NamedTuple):
    """Where the links of one file lead: a relative path to `item:12` or `file:7` (None: it is no path of ours), and a
    number as it stood in the portal that wrote the file to the number here (None: that is another item here)."""

    of_path: Callable[[str], str | None]
    of_number: Callable[[Named], int | None]


def to_file(text: str, find: Find) -> str:
    """The text as a file has it: `find` gives the relative path of what goes into the export, None for all else.

    A link without words of its own is signed with how it was typed. Of what is left out the number stays, and its
    words do not; Unseen where they cannot be cut out.
    """

    def rewrite(part: str) -> str:
        part = WHOLE.sub(lambda link: _whole(link, find), part)
        part = WIKI.sub(lambda link: _wiki(link, find), part)
        return ADDRESS.sub(lambda address: _address(address, find), part)

    return outside_code(text, rewrite)


def to_portal(text: str, aims: Aims, own: str = "") -> str:
    """The text as the portal keeps it. Words that had been taken out come back from `own`, what the item says now."""
    kept = _hidden_words(own)

    def back(found: re.Match[str]) -> str:
        if found["path"] is not None:
            return _signed(found, aims)
        if found["whole"] is not None:
            return _numbered(found, aims, kept)
        if found["wiki"] is not None:
            number = aims.of_number(Named(False, int(found["wiki"])))
            return f"[[{number}{found['wiki_rest']}" if number else GONE
        aim = _aim(found["address"], aims)
        return f"{found['before']}{aim}{found['anchor'] or ''}" if aim else found[0]

    return outside_code(text, lambda part: _BACK.sub(back, part))


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same in the form of the portal, however they name a file."""
    return _FILE_ADDRESS.sub(r"file:\1", one.strip()) == _FILE_ADDRESS.sub(r"file:\1", other.strip())


def numbers_in(text: str) -> set[Named]:
    """What a text of the portal names, without the places in it."""
    found: set[Named] = set()

    def note(part: str) -> str:
        found.update(Named(False, int(one["number"])) for one in WIKI.finditer(part))
        found.update(Named(one["sort"] != "item:", int(one["number"])) for one in ADDRESS.finditer(part))
        return ""

    outside_code(text, note)
    return found


def _whole(link: re.Match[str], find: Find) -> str:
    is_file = link["sort"] != "item:"
    if find(named_by(link, is_file=is_file)):
        return link[0]
    return f"[{GONE}]({'file' if is_file else 'item'}:{link['number']})"


def _wiki(link: re.Match[str], find: Find) -> str:
    place = find(named_by(link, is_file=False))
    if place is None:
        return f"[{GONE}](item:{link['number']})" if link["words"] else link[0]
    words = link["words"] or _SIGN.sub(" ", place.title).strip() or link["number"]
    bar = "|" if link["words"] else ""
    return f'[{words}]({place.address}{link["anchor"] or ""} "[[{link["number"]}{bar}]]")'


def _address(found: re.Match[str], find: Find) -> str:
    place = find(named_by(found, is_file=found["sort"] != "item:"))
    if place is not None:
        return f"{found['before']}{place.address}{found['anchor'] or ''}"
    if found.string[: found.start()].endswith(f"[{GONE}"):
        return found[0]
    raise Unseen


def _signed(found: re.Match[str], aims: Aims) -> str:
    aim = _aim(found["path"], aims)
    if not aim or not aim.startswith("item:"):
        return found[0]
    words = f"|{found['signed']}" if found["bar"] and found["signed"] else ""
    return f"[[{aim.removeprefix('item:')}{found['place'] or ''}{words}]]"


def _numbered(found: re.Match[str], aims: Aims, kept: dict[Named, list[str]]) -> str:
    named = Named(found["sort"] != "item:", int(found["whole"]))
    number = aims.of_number(named)
    if number is None:
        return GONE
    if found["words"] == GONE and kept.get(named):
        return kept[named].pop(0)
    start, end = found.start("whole") - found.start(), found.end("whole") - found.start()
    return found[0][:start] + str(number) + found[0][end:]


def _aim(address: str, aims: Aims) -> str | None:
    numbered = _NUMBERED.fullmatch(address)
    if numbered is None:
        return aims.of_path(unquote(address))
    number = aims.of_number(Named(numbered[1] != "item:", int(numbered[2])))
    if number is None:
        raise Unseen
    return f"{'item' if numbered[1] == 'item:' else 'file'}:{number}"


def _hidden_words(own: str) -> dict[Named, list[str]]:
    """Every link with words of its own in a text of the portal, by what it names, in order."""
    kept: dict[Named, list[str]] = {}

    def note(part: str) -> str:
        whole = [(one, Named(one["sort"] != "item:", int(one["number"]))) for one in WHOLE.finditer(part)]
        wiki = [(one, Named(False, int(one["number"]))) for one in WIKI.finditer(part) if one["words"]]
        for link, named in sorted([*whole, *wiki], key=lambda found: found[0].start()):
            kept.setdefault(named, []).append(link[0])
        return ""

    outside_code(own, note)
    return kept
