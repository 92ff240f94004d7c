"""Hostile texts are answered or refused; what they may cost is counted in steps, not in seconds."""

import sys
import threading
from types import FrameType

import pytest

from portal.core import markdown, markdown_parser
from portal.core.markdown import MarkdownRefused, render
from portal.core.markdown_limits import HELD_BRACKET, MAX_BYTES, hold_brackets


def refusal(source: str) -> MarkdownRefused:
    with pytest.raises(MarkdownRefused) as caught:
        render(source)
    assert str(caught.value).startswith(f"Line {caught.value.line}: ")
    return caught.value


def test_more_than_512_kb_is_refused_with_its_line() -> None:
    line = "x" * 1023 + "\n"
    assert render("\n\n" + "- a\n" * 5000)
    refused = refusal(line * 600)
    assert (refused.line, "512 KB" in str(refused)) == (513, True)


def test_size_is_counted_in_bytes() -> None:
    assert refusal("é" * (MAX_BYTES // 2 + 1)).line == 1


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("lead\n\n" + "".join(f"{'    ' * depth}- a\n" for depth in range(500)), 23),
        ("".join(f"{'  ' * depth}1. a\n" for depth in range(500)), 21),
        ("- " * 500 + "a", 1),
        ("a\n\n" + "1. - " * 250 + "a", 3),
        (">" * 21 + "a", 1),
        ("> " * 5000 + "a", 1),
        ("> - " * 11 + "a", 1),
        ("- > " * 11 + "a", 1),
        ("".join(f"{'    ' * depth}!!! note\n" for depth in range(30)), 21),
        ("[^1]: " * 30, 1),
        ("x\n\n" + "".join(f"[^{n}]: {'- ' * n}a\n" for n in range(30)), 23),
    ],
)
def test_deep_nesting_is_refused_with_its_line(source: str, line: int) -> None:
    refused = refusal(source)
    assert refused.line == line
    assert "20 deep" in str(refused)


def test_twenty_levels_are_fine() -> None:
    html = render("".join(f"{'  ' * depth}- a\n" for depth in range(20))).html
    assert html.count("<ul>") == 20
    assert render("> " * 20 + "a").html.count("<blockquote>") == 20


def test_deep_indentation_behind_a_definition_is_code() -> None:
    source = "".join(f"[{depth}]: /x\n\n{'    ' * depth}- a\n\n" for depth in range(1, 200))
    assert render("- a\n\n" + source).html.count("<ul>") < 5


def test_many_footnotes_are_refused_with_their_line() -> None:
    assert refusal("".join(f"[^{n}]: a\n" for n in range(600))).line == 501
    assert refusal("".join(f"> - [^{n}]: a\n" for n in range(600))).line == 501


def test_many_open_tags_are_refused_with_their_line() -> None:
    assert refusal("<div>\n" * 2100).line == 2001
    assert render("<p>\n" * 1900).html == ""
    assert render("---\n\n![](file:1)<br>\n\n" * 2100).html.count("<hr>") == 2100


def test_a_parser_that_runs_out_of_stack_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted() -> None:
        raise RecursionError

    monkeypatch.setattr(markdown, "build_parser", exhausted)
    assert refusal("a").line == 1


def test_open_brackets_are_held_back_beyond_fifty() -> None:
    assert hold_brackets(["[" * 50]) == ["[" * 50]
    assert hold_brackets(["[" * 51, "", "[a](b)"]) == [HELD_BRACKET * 51, "", "[a](b)"]
    assert hold_brackets(["[" * 51 + "]" * 51]) == ["[" * 50 + HELD_BRACKET + "]" * 51]
    assert hold_brackets(["[x] " * 99 + "\\[" * 99]) == ["[x] " * 99 + "\\[" * 99]
    assert hold_brackets([]) == []


def test_held_brackets_look_like_brackets() -> None:
    assert render("[" * 9000 + "`[`").html == "<p>" + "[" * 9000 + "<code>[</code></p>"
    assert '<a href="/b">a</a>' in render("[" * 60 + " x\n\n[a](/b)").html


def steps(source: str) -> int:
    """How many lines of Python run while a text is rendered."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        render(source)
    finally:
        sys.settrace(before)
    return count


SIGNS = r"""
[ ![ [a [a]( [a](< [a][ [^ [^a] [[1 [[12]] [a](b) ![a](b) * _ *a _a* **a ***a ~~a ` ``a` `a`` < <a <!-- <? <div> </div>
<b> \ \* & &amp; ( ) " ' ! http:// https://a.b/c) a@b <a@ { ~ ]( a*b a_b
"""
LINES = """
a|# a|- a|*|1. a|a/-|---|===|> a|> [!NOTE]|!!! note|    a|```|~~~ a|<div>|<!--|<pre>|[a]:|[a]: b|- [ ] a|- a/|a  |> - a/
"""
UNITS = [*SIGNS.split(), '<a b="', "[a]( )", "[a](()", "![a](()", "a|b\n-|-\n", "|a|\n", "\n"]
UNITS += [line.replace("/", "\n") + "\n" for line in LINES.strip("\n").split("|")]


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_costs_about_twice_the_steps(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_parser, "LINK_REACH", 40 if "()" in unit else MAX_BYTES)
    count = 400 // len(unit) + 60
    render(unit * 3)  # fills the caches of patterns
    empty, once, twice = steps(""), steps(unit * count), steps(unit * count * 2)
    assert twice - empty <= 2.6 * (once - empty) + 2000


def test_naming_a_footnote_often_costs_no_search() -> None:
    once, twice = (steps("[^a] " * count + "\n\n[^a]: b") for count in (200, 400))
    assert twice <= 2.2 * once


def test_a_paragraph_beyond_16_kb_stays_as_typed() -> None:
    long = "*a* <b> & [x](/y) " * 1000
    html = render(f"{long}\n\n*b*\n\n- {long}").html
    assert html.count("*a* &lt;b&gt; &amp; [x](/y)") == 2000
    assert "<em>b</em>" in html


def test_links_reach_only_so_far() -> None:
    far = "x" * markdown_parser.LINK_REACH
    assert "<a" not in render(f"[a](/{far})").html
    assert "<a" not in render(f"[{far}](/b)").html
    assert '<a href="/b">a</a>' in render(f"[a](/b) {far}").html


@pytest.mark.parametrize("unit", ["[a](b) ", "**a** ", "<b>", "`a` ", "a\n\n", "- a\n", "| a | b |\n|--|--|\n"])
def test_the_stack_does_not_grow_with_the_text(unit: str) -> None:
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(render(unit * 3000).html))
    thread.start()
    thread.join()
    assert len(answers) == 1


def test_threads_do_not_disturb_each_other() -> None:
    sources = [f"# T{n}\n\n[^1] [[{n + 1}]] *a*\n\n[^1]: n{n}\n\n- [x] a\n  - b" for n in range(8)]
    alone = [render(source) for source in sources]
    found: dict[int, object] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: [render(sources[n]) for _ in range(5)]})) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [alone[n]] * 5 for n in range(8)}
