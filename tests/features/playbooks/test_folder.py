"""What a folder of Markdown files says about itself: titles, tags, texts, and where its paths lead."""

import os
from pathlib import Path

import pytest

from portal.features.playbooks.folder import read_text
from portal.shared.exchange.folder import Folder, Unreadable, list_folder


def put(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    ("name", "text", "title", "rest"),
    [
        ("a.md", "---\ntitle: From the head\n---\n# Other\n\nWords", "From the head", "# Other\n\nWords"),
        ("a.md", "---\ntitle: Same\n---\n# Same\n\nWords", "Same", "Words"),
        ("a.md", "# A [linked](b.md) *title* & `code`\n\nWords", "A linked title & code", "Words"),
        ("a.md", "Title\n=====\n\nWords", "Title", "Words"),
        ("a.md", "Before\n\n## Later\n\nWords", "Later", "Before\n\n## Later\n\nWords"),
        ("a.md", "```\n# no heading\n```\nWords", "A", "```\n# no heading\n```\nWords"),
        ("who-signs_what.md", "Words", "Who signs what", "Words"),
        ("terms/index.md", "Words", "Terms", "Words"),
        ("a.md", "# Only a title", "Only a title", "# Only a title"),
        ("a.md", "\ufeff# Marked\r\n\r\nWords\r\n", "Marked", "Words"),
        ("a.md", "---\n\n# After a rule\n\nWords", "After a rule", "---\n\n# After a rule\n\nWords"),
        ("a.md", "# " + "x" * 300, "x" * 200, "# " + "x" * 300),
    ],
)
def test_titles_come_from_head_heading_or_name(tmp_path: Path, name: str, text: str, title: str, rest: str) -> None:
    put(tmp_path, name, text)
    source = read_text(list_folder(tmp_path), name)
    assert (source.title, source.text) == (title, rest)


def test_tags_come_from_head_and_folders(tmp_path: Path) -> None:
    put(tmp_path, "Deal_Desk/価格/pricing/a.md", "---\ntags: [Dairy, 2026, pricing]\n---\nWords")
    assert read_text(list_folder(tmp_path), "Deal_Desk/価格/pricing/a.md").tags == (
        "dairy",
        "2026",
        "pricing",
        "deal desk",
    )


@pytest.mark.parametrize(
    "head", ["title: [unclosed", "title: a: b: c", "- just\n- a list", "!!python/object:os.system x"]
)
def test_a_broken_head_is_told_and_the_text_is_taken(tmp_path: Path, head: str) -> None:
    put(tmp_path, "a.md", f"---\n{head}\n---\n# Title\n\nWords")
    source = read_text(list_folder(tmp_path), "a.md")
    assert source.title == "Title"
    assert "Words" in source.text
    assert bool(source.notes) != head.startswith("- just")


def test_what_is_no_text_is_unreadable(tmp_path: Path) -> None:
    put(tmp_path, "latin.md", "fine\nGrüße".encode("latin-1"))
    put(tmp_path, "nul.md", b"a\0b")
    put(tmp_path, "large.md", b"x" * (2 * 1024 * 1024 + 1))
    folder = list_folder(tmp_path)
    for name, reason in (
        ("latin.md", "byte 8, in line 2"),
        ("nul.md", "it holds NUL"),
        ("large.md", "larger than 2 MB"),
    ):
        with pytest.raises(Unreadable, match=reason):
            read_text(folder, name)


def test_hidden_files_and_ways_out_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "out.md", "secret")
    root = tmp_path / "docs"
    put(root, "a.md", "a")
    put(root, ".git/b.md", "b")
    put(root, ".c.md", "c")
    (root / "link.md").symlink_to(tmp_path / "out.md")
    (root / "loop").symlink_to(root)
    assert list(list_folder(root).files) == ["a.md"]


def test_names_that_are_no_utf8_can_be_stored(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.md"
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    (name,) = list_folder(tmp_path).texts
    name.encode("utf-8")
    assert name == "caf\\xe9.md"


FOLDER = Folder(Path("/"), {name: Path(name) for name in ("a.md", "b/c.md", "b/index.md", "b/pic.png", "d/readme.md")})


@pytest.mark.parametrize(
    ("origin", "path", "found"),
    [
        ("a.md", "b/c.md", "b/c.md"),
        ("b/c.md", "../a.md", "a.md"),
        ("b/c.md", "./pic.png", "b/pic.png"),
        ("b/c.md", "/a.md", "a.md"),
        ("b/c.md", "../a", "a.md"),
        ("a.md", "b", "b/index.md"),
        ("a.md", "b/", "b/index.md"),
        ("b/c.md", ".", "b/index.md"),
        ("a.md", "b\\c.md", "b/c.md"),
        ("a.md", "nowhere.md", None),
        ("a.md", "../../etc/passwd", None),
        ("b/c.md", "../../a.md", None),
        ("a.md", "..", None),
    ],
)
def test_paths_lead_to_files_inside_the_folder(origin: str, path: str, found: str | None) -> None:
    assert FOLDER.find(origin, path) == found
