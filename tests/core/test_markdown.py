"""Markdown as people type it becomes the HTML that they expect, with sections, anchors and links to items and files."""

import pytest

from portal.core.markdown import RENDERER_VERSION, plain_text, render


def html(source: str) -> str:
    return render(source).html.replace("\n", "")


def test_plain_words_become_a_paragraph() -> None:
    rendered = render("Hello *you* and **them**, `a<b`, ~~gone~~.")
    assert rendered.html == (
        "<p>Hello <em>you</em> and <strong>them</strong>, <code>a&lt;b</code>, <del>gone</del>.</p>"
    )
    assert rendered.version == RENDERER_VERSION


@pytest.mark.parametrize("source", ["", "  \n\n ", "\r\n", "\t"])
def test_nothing_becomes_nothing(source: str) -> None:
    rendered = render(source)
    assert rendered.html == ""
    assert [(part.anchor, part.text) for part in rendered.sections] == [("", "")]


# Headings and sections


def test_headings_have_prefixed_anchors() -> None:
    assert html("# Who signs?\n\n### Say *this*") == (
        '<h1 id="h-who-signs">Who signs?</h1><h3 id="h-say-this">Say <em>this</em></h3>'
    )


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Überblick & Größe", "h-überblick-grösse"),
        ("価格 交渉", "h-価格-交渉"),
        ("Цена?", "h-цена"),
        ("e\u0301tude", "h-étude"),
        ("🎉🎉", "h-section"),
        ("a_b - c", "h-a-b-c"),
        ("h-1", "h-h-1"),
        ("<script>", "h-script"),
        ("1. `code` and [link](https://a.example)", "h-1-code-and-link"),
        ("x" * 300, "h-" + "x" * 80),
    ],
)
def test_anchors_take_letters_of_any_script(title: str, anchor: str) -> None:
    assert render(f"## {title}").sections[-1].anchor == anchor


def test_headings_of_the_same_words_are_numbered() -> None:
    rendered = render("# Price\n# Price\n# Price 2\n# Price\n")
    assert [part.anchor for part in rendered.sections[1:]] == ["h-price", "h-price-2", "h-price-2-2", "h-price-3"]
    assert all(rendered.html.count(f' id="{part.anchor}"') == 1 for part in rendered.sections[1:])


def test_anchors_do_not_change_with_text_around_them() -> None:
    before = {part.anchor for part in render("# One\n\n# Two\n").sections}
    after = {part.anchor for part in render("Lead\n\n# Zero\n\nwords\n\n# One\n\nmore\n\n## Two #\n").sections}
    assert before <= after


def test_sections_follow_each_other_without_a_gap() -> None:
    source = "Lead *words*.\r\n\r\n# One\r\nFirst [[7|deal]].\r\n\r\nTwo\r\n---\r\n- a\r\n\r\n##### Small\r\nend\r\n"
    lead, one, two = render(source).sections
    assert (lead.anchor, lead.level, lead.text, lead.start) == ("", 0, "Lead words.", 0)
    assert source[one.start : one.end] == "# One\r\nFirst [[7|deal]].\r\n\r\n"
    assert (one.title, one.level, one.end) == ("One", 1, two.start)
    assert source[two.start : two.end].endswith("end\r\n")


def test_an_underlined_line_opens_a_section() -> None:
    parts = render("Lead\n\nOne\n===\ntext\n\nTwo *x*\n---\n").sections
    assert [(part.title, part.level, part.text) for part in parts] == [
        ("", 0, "Lead"),
        ("One", 1, "text"),
        ("Two x", 2, ""),
    ]


def test_what_only_looks_like_a_heading_opens_no_section() -> None:
    source = "```\n# code\n```\n\n    # code\n\n> # quoted\n\n- # item\n\n#hashtag\n\n<pre>\n# raw\n</pre>\n\n\\# no\n"
    rendered = render(source)
    assert len(rendered.sections) == 1
    assert "<pre><code># code\n</code></pre>" in rendered.html
    assert "<pre># raw\n</pre>" in rendered.html
    assert '<h1 id="h-quoted">' in rendered.html
    assert "<p>#hashtag</p>" in rendered.html


def test_section_words_carry_no_markup() -> None:
    source = "# T\n\nA **b** <kbd>c</kbd>[^1] ![a plan](file:3) & `d`\n\n|x|y|\n|-|-|\n|1|2|\n\n[^1]: note\n"
    assert render(source).sections[1].text == "A b c a plan & d\nx\ny\n1\n2\nnote"


def test_plain_text_gives_one_line_for_each_block() -> None:
    assert plain_text("<p>a <em>b</em>c</p><ul><li>d &lt;</li></ul>") == "a bc\nd <"


# Blocks


def test_lists_nest_by_two_three_or_four_spaces() -> None:
    wanted = "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"
    for indent in ("  ", "   ", "    ", "\t"):
        assert html(f"- a\n{indent}- b\n- c\n") == wanted


def test_a_list_may_follow_a_paragraph_directly() -> None:
    assert html("Bring:\n- a\n- b") == "<p>Bring:</p><ul><li>a</li><li>b</li></ul>"
    assert html("in\n1986. A year") == "<p>in1986. A year</p>"


def test_numbered_and_bulleted_lists_stay_apart() -> None:
    assert html("3. a\n4) b\n- c") == '<ol start="3"><li>a</li><li>b</li></ol><ul><li>c</li></ul>'


def test_list_items_hold_paragraphs_code_and_quotes() -> None:
    source = "1. a\n\n   more\n   ```sh\n   run\n     this\n   ```\n   > said\n2. b\n"
    assert render(source).html.replace(">\n", ">") == (
        '<ol><li><p>a</p><p>more</p><pre><code class="language-sh">run\n  this\n</code></pre>'
        "<blockquote><p>said</p></blockquote></li><li><p>b</p></li></ol>"
    )


def test_fenced_code_is_kept_to_the_letter() -> None:
    source = "~~~python {.x}\nif a < b && [[12]]:\n\n\n    *no* `x`\n~~~\nafter"
    assert render(source).html == (
        '<pre><code class="language-python">if a &lt; b &amp;&amp; [[12]]:\n\n\n    *no* `x`\n</code></pre>\n'
        "<p>after</p>"
    )
    assert html("````\n```\n````") == "<pre><code>```</code></pre>"


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    assert html("a\n```\n# b\n\nc") == "<p>a</p><pre><code># bc</code></pre>"
    assert html("- ```\n  b\n\nc") == "<ul><li><pre><code>b</code></pre></li></ul><p>c</p>"


def test_quotes_keep_lists_and_stay_apart() -> None:
    assert html("> a\n> - b\n>   - c\n\n> d") == (
        "<blockquote><p>a</p><ul><li>b<ul><li>c</li></ul></li></ul></blockquote><blockquote><p>d</p></blockquote>"
    )


def test_rules_and_underlines_are_told_apart() -> None:
    assert html("a\n\n---\n\n* * *\n- b\n---\n") == "<p>a</p><hr><hr><ul><li>b</li></ul><hr>"


def test_tables_align_by_attribute() -> None:
    table = html("Sizes\n| a | b | c |\n|:--|:-:|--:|\n| 1 | `x|y` | \\| |\n")
    assert table.startswith('<p>Sizes</p><table><thead><tr><th align="left">a</th><th align="center">b</th>')
    assert '<td align="center"><code>x|y</code></td><td align="right">|</td></tr></tbody></table>' in table


@pytest.mark.parametrize(
    ("source", "kind", "title"),
    [
        ("!!! note\n    text", "note", "Note"),
        ('!!! warning "Mind the *gap*"\n    text', "warning", "Mind the <em>gap</em>"),
        ("!!! tip „Hinweis“\n    text", "tip", "Hinweis"),
        ("!!! hint\n    text", "note", "Hint"),
        ("> [!IMPORTANT]\n> text", "important", "Important"),
        ("> [!caution] text", "danger", "Caution"),
    ],
)
def test_notes_have_a_kind_and_a_title(source: str, kind: str, title: str) -> None:
    note = f'<div class="admonition {kind}"><p class="admonition-title">{title}</p><p>text</p></div>'
    assert html(source).replace("Caution</p>text", "Caution</p><p>text</p>") == note


def test_a_note_may_be_without_title() -> None:
    assert html('!!! note ""\n    - a\n      - b\n\nend') == (
        '<div class="admonition note"><ul><li>a<ul><li>b</li></ul></li></ul></div><p>end</p>'
    )


def test_footnotes_lead_there_and_back() -> None:
    rendered = html("a[^x] b[^x] c[^no]\n\n[^x]: why\n\n    - because\n\nend")
    assert '<sup id="fnref-1"><a href="#fn-1" class="footnote-ref">1</a></sup>' in rendered
    assert '<sup id="fnref2-1">' in rendered
    assert '<li id="fn-1"><p>why</p><ul><li>because</li></ul>' in rendered
    assert 'href="#fnref-1"' in rendered
    assert 'href="#fnref2-1"' in rendered
    assert "c[^no]" in rendered
    assert "<p>end</p>" in rendered


def test_tasks_become_check_boxes_that_nobody_can_press() -> None:
    assert html("- [ ] call\n- [x] *mail*\n- [ ] [docs][1]\n- \\[ ] no\n\n[1]: /d") == (
        '<ul><li class="task"><input type="checkbox" disabled aria-label="to do"> call</li>'
        '<li class="task"><input type="checkbox" disabled aria-label="done" checked> <em>mail</em></li>'
        '<li class="task"><input type="checkbox" disabled aria-label="to do"> <a href="/d">docs</a></li>'
        "<li>[ ] no</li></ul>"
    )


def test_html_and_markdown_mix_at_blank_lines() -> None:
    source = "<details><summary>More</summary>\n\n**in**\n\n</details>\n\n<!-- not\n\nshown -->\nH<sub>2</sub>O"
    assert html(source) == ("<details><summary>More</summary><p><strong>in</strong></p></details><p>H<sub>2</sub>O</p>")


# Links


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("[a](https://x.example/?b&c)", '<a href="https://x.example/?b&amp;c" rel="nofollow noopener ugc">a</a>'),
        ("[a](mailto:d@x.example)", '<a href="mailto:d@x.example">a</a>'),
        ("[a](../team/index.md#top)", '<a href="../team/index.md#top">a</a>'),
        ('[a](/objections/40 "why")', '<a href="/objections/40" title="why">a</a>'),
        ("[a](#price)", '<a href="#h-price">a</a>'),
        ("[a](#h-price)", '<a href="#h-price">a</a>'),
        ("[a][b]\n\n[b]: /c", '<a href="/c">a</a>'),
        ("<https://x.example>", '<a href="https://x.example" rel="nofollow noopener ugc">https://x.example</a>'),
        ("[a](file:7)", '<a href="/files/7">a</a>'),
        ("![a](file:7)", '<img src="/files/7" alt="a">'),
        ("![a](/files/7/plan.png)", '<img src="/files/7/plan.png" alt="a">'),
        ("![a](https://x.example/y.png)", '<a href="https://x.example/y.png" rel="nofollow noopener ugc">a</a>'),
        ("[![a](https://x.example/y.png)](/z)", '<a href="/z">a</a>'),
        ("![](pic/y.png)", '<a href="pic/y.png">image</a>'),
        ("![a](data:image/png;base64,AAAA)", "a"),
        ("![a](item:12)", "a"),
    ],
)
def test_links_and_pictures(source: str, link: str) -> None:
    assert html(source) == f"<p>{link}</p>"


@pytest.mark.parametrize(
    ("source", "address", "rest"),
    [
        ("see https://x.example/a_b_c.", "https://x.example/a_b_c", "."),
        ("(https://x.example/a(b))", "https://x.example/a(b)", ")"),
        ("**http://x.example/**", "http://x.example/", "</strong>"),
        ("mailto:d@x.example, please", "mailto:d@x.example", ", please"),
    ],
)
def test_bare_addresses_become_links(source: str, address: str, rest: str) -> None:
    rel = ' rel="nofollow noopener ugc"' if address.startswith("http") else ""
    assert f'<a href="{address}"{rel}>{address.removeprefix("mailto:")}</a>{rest}' in html(source)


def test_bare_addresses_stay_words_in_code_and_in_links() -> None:
    assert "<a" not in html("`https://x.example` and xhttps://x.example mailto:nobody")
    assert html("[https://x.example](/y)") == '<p><a href="/y">https://x.example</a></p>'
