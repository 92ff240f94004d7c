"""Links of Markdown files: which are rewritten, which stay, and what becomes of pictures that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.features.playbooks.linking import Aim, Target, read_target, rewrite_links


def resolve(target: Target) -> Aim | None:
    """Texts are items, pictures and drawings are files, anything else is unknown."""
    anchor = f"#{target.anchor}" if target.anchor else ""
    if not target.path:
        return Aim(anchor)
    known = {"md": Aim(f"item:5{anchor}"), "png": Aim("file:7", is_picture=True), "svg": Aim("file:8")}
    return known.get(target.path.rpartition(".")[2])


@pytest.mark.parametrize(
    ("typed", "rewritten"),
    [
        ("[a](b.md)", "[a](item:5)"),
        ("[a]( ../x/b.md )", "[a](item:5)"),
        ("[a](<b c.md>)", "[a](item:5)"),
        ("[a](b%20c.md#Foo--Bar)", "[a](item:5#foo-bar)"),
        ("[a](b_(c).md)", "[a](item:5)"),
        ('[a](b.md "more")', '[a](item:5 "more")'),
        ("[a](b.md?x=1)", "[a](item:5)"),
        ("[a](#who-signs--when)", "[a](#who-signs-when)"),
        ("[r]: ../b.md", "[r]: item:5"),
        ("![p](p.png)", "![p](file:7)"),
        ("![d](d.svg)", "[d](file:8)"),
        ("![](d.svg)", "[image](file:8)"),
        ("[![d](d.svg)](b.md)", "[d](item:5)"),
        ("[![p](p.png)](b.md)", "[![p](file:7)](item:5)"),
        ('<a href="b.md">b</a>', '<a href="item:5">b</a>'),
        ("<img alt='A' src='p.png' width='3'>", "<img alt='A' src=\"file:7\" width='3'>"),
        ('<img src="d.svg" alt="A plan">', '<a href="file:8">A plan</a>'),
        ("[^1]: [a](b.md)", "[^1]: [a](item:5)"),
    ],
)
def test_relative_links_are_rewritten(typed: str, rewritten: str) -> None:
    assert rewrite_links(typed, resolve) == rewritten
    assert rewrite_links(f"Words {typed}\n\nmore", resolve) in (f"Words {rewritten}\n\nmore", f"Words {typed}\n\nmore")


@pytest.mark.parametrize(
    "typed",
    [
        "[a](https://example.com/b.md)",
        "[a](//example.com/b.md)",
        "[a](mailto:b@c.md)",
        "[a](b.txt)",
        "[a]()",
        "`[a](b.md)`",
        "``[a](b.md) ` ``",
        "```\n[a](b.md)\n```",
        "> ~~~ md\n> [a](b.md)\n> ~~~",
        "[a]\\(b.md)",
        "[^1]: b.md",
        '<a name="b.md">',
    ],
)
def test_other_addresses_and_code_stay_as_they_are(typed: str) -> None:
    assert rewrite_links(typed, resolve) == typed


@given(st.text(alphabet="[]()!`<>\"' ab.md#\n\\", max_size=80))
def test_whatever_is_typed_what_is_no_link_stays(typed: str) -> None:
    assert rewrite_links(typed, lambda target: None) == typed


def test_a_target_is_cut_in_path_and_anchor() -> None:
    assert read_target("a%20b.md#So%20what") == Target("a%20b.md#So%20what", "a b.md", "so-what")
    assert read_target("tel:+49") is None
