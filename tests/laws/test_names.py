"""Names: rooms hold the few files whose promise everybody knows, and no file is called after nothing."""

import re

from tests.laws.source import ROOT, files, functions_of, imports_of, name_of, tracked, tree_of

SAYS_NOTHING = re.compile(r"(^|[_-])(utils?|helpers?|misc|common|managers?)$")
NUMBERED = re.compile(r"[a-z]\d$")
# From the highest to the lowest: a file may import what stands further down, and its own neighbours' words.
ORDER = ("views", "importing", "exporting", "operations", "documents", "pages", "forms", "queries", "policy", "models")
# Rooms whose heart is an algorithm have files named by the field's own terms, beside the usual ones.
OWN_TERMS = {
    "shared/finding": {
        "asking",
        "covering",
        "facets",
        "finder",
        "indexing",
        "likeness",
        "marking",
        "meaning",
        "offers",
        "operators",
        "starting",
        "syntax",
        "titles",
        "wording",
    },
    "shared/exchange": {"attaching", "folder", "known", "linking", "packing"},
    "shared/files": {
        "extracting",
        "extractor",
        "kinds",
        "office",
        "packages",
        "passages",
        "pictures",
        "sniffing",
        "store",
    },
    "shared/handouts": {"markup", "typesetting"},
    "shared/items": {"diffing", "promoting"},
    "shared/review": {"cards", "risk"},
    "features/playbooks": {"attachments", "folder", "linking", "sections", "sources"},
}
FREE = {"shared/search_index"}


def _rooms() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in files(".py", "portal/shared", "portal/features"):
        if path.parent.name not in ("shared", "features"):
            found.setdefault(path.parent.relative_to(ROOT / "portal").as_posix(), set()).add(path.stem)
    return found


def _promise(stem: str) -> str:
    """The promise of a file: `answer_views` is a `views` that was split by noun."""
    return stem.rpartition("_")[2]


def test_no_file_is_named_after_nothing() -> None:
    names = [path.relative_to(ROOT).with_suffix("") for path in tracked() if "vendor" not in path.parts]
    found = [name.as_posix() for name in names if any(SAYS_NOTHING.search(part) for part in name.parts)]
    assert not found, "\n".join(found)


def test_rooms_hold_only_files_whose_promise_is_known() -> None:
    strange = [
        f"portal/{room}/{stem}.py"
        for room, stems in _rooms().items()
        for stem in stems - {*ORDER, "__init__", *OWN_TERMS.get(room, ())}
        if room not in FREE and (_promise(stem) not in ORDER or NUMBERED.search(stem))
    ]
    assert not strange, "\n".join(sorted(strange))


def test_terms_of_a_room_are_still_used() -> None:
    rooms = _rooms()
    gone = [f"{room}: {term}" for room, terms in OWN_TERMS.items() for term in terms - rooms.get(room, set())]
    assert not gone, "\n".join(gone)


def test_files_that_were_split_by_noun_keep_the_order_of_the_room() -> None:
    upwards = []
    for path in files(".py", "portal/shared", "portal/features"):
        room = ".".join(path.relative_to(ROOT).parent.parts) + "."
        if "_" in path.stem and _promise(path.stem) in ORDER:
            for line, module in imports_of(tree_of(path)):
                other = _promise(module.removeprefix(room).split(".")[0]) if module.startswith(room) else ""
                if other in ORDER and ORDER.index(other) < ORDER.index(_promise(path.stem)):
                    upwards.append(f"{name_of(path)}:{line} imports {module}")
    assert not upwards, "\n".join(upwards)


def test_tests_are_named_as_sentences() -> None:
    short = [
        name
        for path in files(".py", "tests")
        for name, node in functions_of(path)
        if path.stem.startswith("test_") and node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert not short, "\n".join(short)
