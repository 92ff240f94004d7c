"""Templates hold structure alone: nothing inline, nothing that a strict policy would refuse, one component a file."""

import importlib
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.laws.source import ROOT, files, name_of

# What is looked for, and why it may not stand in a template.
BANNED = {
    r"\sstyle\s*=": "inline style: the policy refuses it; give it a class",
    r"<style\b": "inline style sheet: put it below static/css",
    r"<script\b(?![^>]*\ssrc=)": "inline script: put it below static/js",
    r"\son[a-z]+\s*=": "inline handler: attach a behaviour by a data- attribute",
    r"\bhx-on\b": "hx-on needs eval",
    r"\bhx-(vals|headers|vars)\s*=\s*[\"']\s*(js|javascript):": "js: needs eval",
    r"javascript:": "an address that runs script",
    r"\bhx-trigger\s*=\s*[\"'][^\"']*\[": "a filter in a trigger needs eval",
    r"(?<!['\"])\|\s*safe\b": "safe: only what was cleaned is Markup, and it says so itself",
    r"https?://(?!www\.w3\.org)": "another site's address: everything is served from here",
}
IMPORT = re.compile(
    r"{%-?\s*from\s+[\"']components/(\w+)\.html[\"']\s+import\s+([\w\s,]+?)\s*(?:with(?:out)? context\s*)?-?%}"
)
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


def faults(source: str) -> list[str]:
    """What is wrong with a template, by line; comments may name anything."""
    bare = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
    return [
        f"{bare.count(chr(10), 0, hit.start()) + 1}: {hit[0].strip()} – {why}"
        for pattern, why in BANNED.items()
        for hit in re.finditer(pattern, bare, re.IGNORECASE)
    ]


def templates() -> list[Path]:
    return files(".html", "templates")


def components() -> list[Path]:
    return files(".html", "templates/components")


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<p hx-on:click="go()">',
        "<p hx-vals='js:{a: 1}'>",
        '<a href="javascript:go()">',
        '<p hx-trigger="keyup[ctrlKey]">',
        "{{ text|safe }}",
        '<img src="https://elsewhere.example/a.png">',
    ],
)
def test_template_lint_notices(source: str) -> None:
    assert len(faults(source)) == 1


def test_templates_hold_nothing_inline() -> None:
    wrong = [f"{name_of(path)}:{fault}" for path in templates() for fault in faults(path.read_text("utf-8"))]
    assert not wrong, "\n".join(wrong)


def test_every_component_opens_with_its_purpose_and_holds_its_macro() -> None:
    wrong = []
    for path in components():
        source = path.read_text("utf-8")
        if not re.match(rf"{{#-?\s*{path.stem}: \S", source):
            wrong.append(f"{name_of(path)} does not open with {{# {path.stem}: purpose, parameters #}}")
        if not re.search(rf"{{%-?\s*macro\s+{path.stem}\s*\(", source):
            wrong.append(f"{name_of(path)} holds no macro {path.stem}")
    assert not wrong, "\n".join(wrong)


def test_a_component_is_entered_by_its_own_name_alone() -> None:
    wrong = [
        f"{name_of(path)} imports {names} from {component}"
        for path in templates()
        for component, names in IMPORT.findall(path.read_text("utf-8"))
        if names.split(" as ")[0].strip() != component
    ]
    assert not wrong, "\n".join(wrong)


def test_every_page_with_an_editor_loads_its_scripts() -> None:
    """Without them its toolbar looks alive and does nothing."""
    without = []
    for path in templates():
        source = path.read_text("utf-8")
        names = {component for component, _ in IMPORT.findall(source)}
        loads = re.search(r"{%\s*block head\s*%}[^%]*{{\s*editor_scripts\(\)\s*}}", source)
        writes = re.search(r"{%\s*set writes = true\s*%}", source)
        if "editor" in names and not (loads and writes):
            without.append(name_of(path))
    assert not without, "\n".join(without)


def test_templates_say_what_they_are() -> None:
    silent = [name_of(path) for path in templates() if not path.read_text("utf-8").lstrip().startswith("{#")]
    assert not silent, "\n".join(silent)


def test_every_folder_of_templates_is_a_room_or_belongs_to_the_house() -> None:
    rooms = {path.parent.name for path in files(".py", "portal/features")}
    folders = {path.parent.name for path in templates()}
    assert folders - rooms <= {"layouts", "components", "errors", "mail", "history"}
    assert (ROOT / "templates" / "layouts" / "base.html").exists()


def test_no_page_hides_a_global_of_all_templates(app: Flask) -> None:
    known = set(app.jinja_env.globals) | {"me", "path", "request_id", "messages"}
    pages = [one for path in files(".py", "portal") if "pages" in path.stem for one in dataclasses_of(path)]
    assert len(pages) > 40
    assert [f"{one.__name__}.{field.name}" for one in pages for field in fields(one) if field.name in known] == []


def dataclasses_of(path: Path) -> list[type]:
    """The frozen dataclasses that a file of ours defines."""
    module = importlib.import_module(name_of(path).removesuffix(".py").replace("/", "."))
    return [one for one in vars(module).values() if is_dataclass(one) and one.__module__ == module.__name__]  # type: ignore[misc]
