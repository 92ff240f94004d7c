"""PDF: set by a child process, which says title, date and number on every page, and what it cannot set it says."""

import re
import subprocess
import sys

import pytest

from portal.shared.handouts import pdf_exporting
from portal.shared.handouts.markup import parse
from tests import builders
from tests.features.handouts.conftest import INTERNAL, SECRET

EVERYTHING = f"""
# Größe & “Maß”

Text with `code`, ~~old~~, H~2~O, [a link](https://example.com/?a=1&b=2), <kbd>Ctrl</kbd> → ✓ Ж ő and 漢字[^1].

- [x] done
- [ ] open
    1. inner
        - deeper

> Quoted *words*

!!! warning
    Never touch a valve.

```
flow = 12.5 m3/h   # {"long " * 60}
```

| A | B |
|---|---|
| **x** | {"cell " * 900} |

---

[^1]: The note.
"""


def words_of(pdf):
    """The bookmarks and titles that stand readable in a PDF; glyphs of its own fonts do not."""
    return pdf.decode("latin-1")


def pages_of(pdf):
    """How many pages there are."""
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize("name", ["guide", "asked", "path"])
def test_it_is_a_pdf_with_a_name(client, shelf, name):
    answer = client.get(shelf.url(name, "/handout.pdf"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
    assert re.search(r'attachment; filename="\d+-[\w-]+\.pdf"', answer.headers["Content-Disposition"])
    assert "Internal" not in words_of(answer.data)


def test_what_goes_into_it_is_what_the_page_shows(client, shelf, monkeypatch):
    given = []
    monkeypatch.setattr(pdf_exporting, "_run", lambda text: given.append(text.decode()) or b"%PDF-")
    client.get(shelf.url("path", "/handout.pdf"))
    client.get(shelf.url("path", "/handout.pdf?internal=yes"))
    plain, internal = given
    assert INTERNAL not in plain
    assert "Priya" not in plain
    assert INTERNAL in internal
    assert '"stamp": "Internal version' in internal
    assert '"stamp": ""' in plain
    for text in given:
        assert SECRET not in text
    assert client.get(shelf.url("secret", "/handout.pdf")).status_code == 404


def test_an_internal_one_says_so_in_its_name_and_subject(client, shelf):
    answer = client.get(shelf.url("asked", "/handout.pdf?internal=yes"))
    assert "-internal.pdf" in answer.headers["Content-Disposition"]
    assert "Internal version" in words_of(answer.data)


def test_everything_that_markdown_can_say_is_set_on_as_many_pages_as_it_needs(client, database, shelf):
    guide = builders.write_playbook(database, shelf.priya, "Everything " * 15, EVERYTHING + "\n\n" + "Line.\n\n" * 200)
    answer = client.get(f"/playbooks/{guide.id}/handout.pdf")
    assert answer.status_code == 200
    assert pages_of(answer.data) > 4


@pytest.mark.parametrize(
    "text",
    [
        "".join("  " * depth + "- deep\n" for depth in range(18)),
        "|" + " a |" * 40 + "\n|" + "---|" * 40 + "\n|" + " b |" * 40,
        "x" * 20_000,
        "| A |\n|---|\n| " + "word " * 20_000 + " |",
        "<b><i>unclosed",
    ],
)
def test_odd_shapes_are_set_or_refused_in_words(client, database, shelf, text):
    guide = builders.write_playbook(database, shelf.priya, "Odd", text)
    answer = client.get(f"/playbooks/{guide.id}-odd/handout.pdf")
    assert answer.status_code in (200, 422)
    assert answer.data.startswith(b"%PDF-") or "The HTML file holds all of it." in answer.text


def test_a_program_that_fails_or_hangs_is_told_in_words(client, shelf, monkeypatch):
    for program in (
        (sys.executable, "-c", "raise SystemExit(3)"),
        (sys.executable, "-c", "import time; time.sleep(9)"),
    ):
        monkeypatch.setattr(pdf_exporting, "PROGRAM", program)
        monkeypatch.setattr(pdf_exporting, "SECONDS", 1)
        answer = client.get(shelf.url("guide", "/handout.pdf"))
        assert answer.status_code == 422
        assert "The HTML file holds all of it." in answer.text


def test_no_more_than_two_are_set_at_once(client, shelf, monkeypatch):
    monkeypatch.setattr(pdf_exporting, "PATIENCE", 0.01)
    with pdf_exporting._AT_ONCE, pdf_exporting._AT_ONCE:
        assert client.get(shelf.url("guide", "/handout.pdf")).status_code == 429
    assert client.get(shelf.url("guide", "/handout.pdf")).status_code == 200


def test_the_web_process_does_not_load_the_library() -> None:
    code = "import sys, portal.app; print('reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_tree_keeps_words_and_order() -> None:
    tree = parse('<p>a<br>b <strong>c</strong> &amp; d</p><img src="x" alt="&lt;">')
    assert tree.words() == "ab c & d"
    assert [node.tag for node in tree.walk()] == ["div", "p", "br", "strong", "img"]
