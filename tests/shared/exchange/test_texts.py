"""Any text goes out and comes back: the same file again, and the same words in the portal."""

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from portal.core import front_matter
from portal.core.forms import Fields
from portal.core.markdown_references import Named, Place, Unseen
from portal.shared.exchange.linking import Aims, is_same, to_file, to_portal
from tests import builders

PLACES = {
    Named(False, 12): Place("../playbooks/12-t-t.md", "T `t [x] <b>"),
    Named(True, 7): Place("../files/7/a%20b.png", "a b.png"),
}
PATHS = {"../playbooks/12-t-t.md": "item:12", "../files/7/a b.png": "file:7"}
AIMS = Aims(PATHS.get, lambda named: named.number)
PIECES = st.sampled_from(
    [
        *(
            "[[12]]",
            "[[12#scope]]",
            "[[12|words]]",
            "[[12#a|w `x`]]",
            "[a](item:12)",
            "[a `b`](item:12#s)",
            "![p](file:7)",
        ),
        *("![p](/files/7/a.png)", "[99](item:99)", "[[99]]", "[[99|x]]", "\n[d]: item:12\n", "<a href='item:12'>"),
        *('<img src="file:7">', "]( <item:12> )", '[x](item:12 "t")', '[x](item:12 "[[12]]")', "`", "``", "```\n"),
        *("~~~\n", "\n", "\n\n", "- a\n  - b\n    1. [[12]]\n", "| a | [[12]] |\n|---|---|\n", "[", "]", "(", ")"),
        *("\\", "[[", "]]", "---\n", "...\n", "a: b\n", "fieldhouse: 2\n", '"', "'", "[x](../notes/a.md)", "ü 漢 🙂"),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=20).map("".join)
LINES = st.one_of(
    st.text(), st.lists(st.sampled_from(["---", "- a: 'b'", "# x", " y", "a: |", "> q", "\t", ""])).map("\n".join)
)
VALUES = st.dictionaries(st.sampled_from("abc"), st.one_of(LINES, st.lists(LINES), st.booleans(), st.integers()))


def find(named):
    """What goes into the export."""
    return PLACES.get(Named(named.is_file, named.number))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("[d]: item:12[[12]]")
def test_links_come_back_as_they_were_typed(text):
    try:
        written = to_file(text, find)
    except Unseen:
        return
    back = to_portal(written, AIMS, text)
    assert to_file(back, find) == written
    assert is_same(back, text)


@settings(max_examples=400, deadline=None)
@given(VALUES, TEXTS)
@example({"a": "\x85"}, "")
def test_any_head_and_text_read_back_as_they_were(values, text):
    text = text.strip("\n")
    head, below = front_matter.split(front_matter.join(values, text))
    assert (head or {}, below.strip("\n")) == (values, text)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=60), TEXTS), min_size=1, max_size=4))
@example([("- “A”: it's 'b' # c", "---\ntitle: no head\n---\n\n```md\n[[1]] [x](item:1)\n```\n\n- a\n  - [[1|b]]")])
def test_an_export_read_back_is_exported_as_the_same_bytes(exchange, pages):
    exchange.empty()
    for title, text in pages:
        fields = Fields.of(title=title, text=text)
        words = fields.line("title", "Title"), fields.text("text", "Text")
        if all(words):
            builders.write_playbook(exchange.database, exchange.manager, *words)
    first = exchange.export()
    package = exchange.package
    assert set(exchange.read(first).values()) <= {"unchanged"}, exchange.report
    windows = {name: data.replace(b"\n", b"\r\n") for name, data in first.items()}
    assert set(exchange.read(windows).values()) <= {"unchanged"}, exchange.report
    exchange.empty()
    assert set(exchange.read(first).values()) <= {"created"}, exchange.report
    assert exchange.export() == first
    assert exchange.package == package
