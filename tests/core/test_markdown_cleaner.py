"""The list of what may stay: addresses, tags and attributes."""

import pytest

from portal.core.markdown_cleaner import clean, is_known, may_lead_to, only_known_tags, open_tags


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example",
        "HTTP://x.example/a?b=c#d",
        "mailto:a@x.example",
        "item:12",
        "item:12#who",
        "file:7",
        "#top",
        "a",
        "../a/b.md#c",
        "/a/b",
        "?q=1:2",
        "my file.pdf",
    ],
)
def test_these_addresses_may_be_followed(address: str) -> None:
    assert may_lead_to(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        " \t",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://x.example",
        "tel:1",
        "https:x",
        "https:///x.example",
        "mailto:",
        "item:x",
        "item:012",
        "file:///etc/passwd",
        "//x.example",
        "/\t/x.example",
        "/\\x.example",
        "\\\\x.example",
        "C:\\a",
    ],
)
def test_these_addresses_may_not_be_followed(address: str) -> None:
    assert may_lead_to(address) is None


def test_control_signs_leave_an_address() -> None:
    assert may_lead_to(" /a\n/b\x00 ") == "/a/b"


def test_only_listed_attributes_with_listed_values_stay() -> None:
    typed = (
        '<p lang="de" title="t" class="admonition-title x">a</p><th align="justify">'
        '<td align="left" style="x">b</td><ol start="3" type="a"></ol><code class="language-c++ x">c</code>'
        '<img src="/files/1" width="20" height="100%"><li id="fn-1">d</li><li id="x">e</li>'
    )
    assert clean(typed) == (
        '<p class="admonition-title">a</p>b<ol start="3"></ol><code>c</code><img src="/files/1" width="20">'
        '<li id="fn-1">d</li><li>e</li>'
    )
    assert clean('<code class="language-c++">') == '<code class="language-c++"></code>'


def test_what_could_swallow_the_rest_is_taken_out() -> None:
    assert only_known_tags('<div title="a<b">x</div><title>y<!-- z --><svg/onload=x>w') == '<div title="a<b">x</div>yw'
    assert only_known_tags("<div <!-- <a b='") == "&lt;div &lt;!-- &lt;a b='"


def test_known_tags_are_complete_and_listed() -> None:
    assert all(is_known(tag) for tag in ("<br>", "</Sub >", "<!-- a -->", '<a href="b">'))
    assert not any(is_known(tag) for tag in ("<a", "<", "<b>", "<me>", "a", "<a>b"))


def test_open_tags_are_counted_by_name() -> None:
    assert open_tags("<div><br><p></p></div></x></x>") == 2
    assert open_tags("</i><div></i><div></i><div>") == 3
