"""Style sheets: colours stand in tokens.css alone, nothing is shouted, and every part has a name that is used."""

import re
from pathlib import Path

from tests.laws.source import files, name_of

TOKENS = "tokens.css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
WORDS = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'|url\([^)]*\)')
DECLARATION = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<value>[^;{}]+)(?=[;}])")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch|light-dark)\(", re.IGNORECASE)
NAMED = re.compile(
    r"(?<![\w-])(black|white|red|green|blue|gray|grey|silver|maroon|purple|fuchsia|lime|olive|yellow|navy|teal|aqua|orange"
    r"|pink|brown|gold|cyan|magenta|beige|crimson|indigo|ivory|khaki|lavender|salmon|tomato|turquoise|violet)(?![\w-])",
    re.IGNORECASE,
)
SELECTOR = re.compile(r"(?:^|[{};])\s*([^{};@]+?)\s*\{")
CLASS = re.compile(r"\.([a-z][\w-]*)")


def bare(path: Path) -> str:
    """The style sheet without comments, texts and addresses."""
    return WORDS.sub('""', COMMENT.sub("", path.read_text("utf-8")))


def sheets() -> list[Path]:
    return files(".css", "static/css")


def test_there_are_style_sheets_to_look_at() -> None:
    assert {"reset.css", TOKENS, "base.css", "layout.css"} <= {path.name for path in sheets()}


def test_selectors_name_no_ids() -> None:
    found = [
        f"{name_of(path)}: {part}"
        for path in sheets()
        for part in SELECTOR.findall(bare(path))
        if re.search(r"#[a-z]", part)
    ]
    assert not found, "\n".join(found)


def test_nothing_is_important() -> None:
    found = [name_of(path) for path in sheets() if re.search(r"!\s*important", bare(path))]
    assert not found, "\n".join(found)


def test_colours_stand_in_tokens_alone() -> None:
    found = [
        f"{name_of(path)}: {declaration[0].strip()}"
        for path in sheets()
        if path.name != TOKENS
        for declaration in DECLARATION.finditer(bare(path))
        if COLOUR.search(declaration["value"]) or NAMED.search(declaration["value"])
    ]
    assert not found, "\n".join(found)


def test_every_token_that_is_used_is_defined() -> None:
    source = "\n".join(bare(path) for path in sheets())
    missing = set(re.findall(r"var\((--[\w-]+)\s*\)", source)) - set(re.findall(r"(--[\w-]+)\s*:", source))
    assert not missing, ", ".join(sorted(missing))


def test_every_sheet_lies_in_its_layer() -> None:
    wrong = []
    for path in sheets():
        layer = path.parent.name if path.parent.name in ("components", "features") else path.stem
        if not re.match(rf"\s*(@layer [\w, ]+;\s*)?@layer {layer}\s*\{{", bare(path)):
            wrong.append(f"{name_of(path)} does not lie in @layer {layer}")
    assert not wrong, "\n".join(wrong)


def test_every_sheet_of_a_component_has_its_template_or_a_class_in_use() -> None:
    words = "\n".join(path.read_text("utf-8") for path in [*files(".html", "templates"), *files(".js", "static/js")])
    components = {path.stem for path in files(".html", "templates/components")}
    for path in files(".css", "static/css/components"):
        is_styled = path.stem in CLASS.findall(bare(path)) and re.search(rf"(?<![\w-]){path.stem}(?![\w-])", words)
        assert path.stem in components or is_styled, f"{name_of(path)} belongs to nothing"
