"""The box that makes a question of a search: who says it is guessed, and departments are named."""

import pytest

from portal.shared.finding.asking import LONGEST_TITLE, ask_box, guess_kind
from portal.shared.finding.syntax import read

LABELS = {"dept": {"finance": "Finance", "planning": "Planning and Production"}}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Who signs 60-day terms", "question"),
        ("how long does it take", "question"),
        ("is there a discount", "question"),
        ("the price list of 2026?", "question"),
        ("価格表はどこ？", "question"),
        ("too expensive", "objection"),
        ("we already know who does that", "objection"),
        ("call me next quarter", "objection"),
        ("", "objection"),
    ],
)
def test_a_question_ends_or_begins_like_one(title: str, kind: str) -> None:
    assert guess_kind(title) == kind


def test_the_title_is_what_was_said_without_operators() -> None:
    box = ask_box(read('too "expensive for us" type:objection -x tag:pricing'), LABELS)
    assert box is not None
    assert (box.title, box.kind) == ("too expensive for us", "objection")
    assert ask_box(read("type:objection"), LABELS) is None
    assert ask_box(read("?!"), LABELS) is None
    long = ask_box(read("word " * 90), LABELS)
    assert long is not None
    assert len(long.title) == LONGEST_TITLE


def test_departments_that_share_a_word_are_named_else_all() -> None:
    some, everyone = ask_box(read("who plans productions"), LABELS), ask_box(read("the lids"), LABELS)
    assert some is not None
    assert everyone is not None
    assert some.departments == (("Planning and Production", "/departments/planning"),)
    assert [name for name, _ in everyone.departments] == ["Finance", "Planning and Production"]
