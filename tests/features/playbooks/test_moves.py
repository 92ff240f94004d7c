"""The table of moves: it can be read, says everything once, and is what buttons and operations follow."""

import pytest

from portal.features.playbooks.policy import MOVES, Life, find_move, list_moves
from portal.shared.items.models import Revision
from tests import builders


@pytest.fixture
def people(database):
    """Two managers, a publisher, a rep and an admin."""
    return {
        "omar": builders.add_person(database, "Omar Haddad", "manager"),
        "marta": builders.add_person(database, "Marta Klein", "publisher"),
        "rep": builders.add_person(database),
        "ada": builders.add_person(database, "Ada Admin", "admin"),
    }


def test_the_table_of_moves_can_be_read_and_says_everything_once():
    assert [(move.before, move.verb, move.after) for move in MOVES[:6]] == [
        (("draft",), "send", "in_review"),
        (("draft",), "publish", "published"),
        (("draft",), "drop", "rejected"),
        (("in_review",), "approve", "published"),
        (("in_review",), "ask_changes", "draft"),
        (("in_review",), "take_back", "draft"),
    ]
    assert len({move.verb for move in MOVES}) == len(MOVES)
    known = {"draft", "in_review", "published", "obsolete", "archived", "bin", "rejected", "as before"}
    assert {state for move in MOVES for state in (*move.before, move.after)} == known
    assert all(move.who.words for move in MOVES)


@pytest.mark.parametrize(
    ("status", "text", "who", "own", "verbs"),
    [
        ("draft", "draft", "marta", True, ["send", "publish", "bin"]),
        ("draft", "draft", "marta", False, ["send", "bin"]),
        ("draft", "draft", "omar", False, ["send", "publish", "bin"]),
        ("in_review", "in_review", "marta", True, ["take_back"]),
        ("in_review", "in_review", "omar", True, ["approve", "ask_changes", "take_back", "bin"]),
        ("in_review", "in_review", "ada", True, ["bin"]),
        ("published", "", "marta", True, ["make_obsolete"]),
        ("published", "", "omar", True, ["make_obsolete", "archive", "bin"]),
        ("published", "", "rep", True, []),
        ("published", "draft", "marta", True, ["send", "publish", "drop", "make_obsolete"]),
        ("obsolete", "draft", "omar", True, ["archive", "bring_back", "bin"]),
        ("archived", "", "marta", True, []),
        ("archived", "", "omar", True, ["bring_back", "bin"]),
    ],
)
def test_who_may_do_what_reads_like_a_table(database, people, status, text, who, own, verbs):
    playbook = builders.write_playbook(database, people["marta"])
    playbook.status = status
    if status in ("draft", "in_review"):
        playbook.published_revision_id = None
    waiting = Revision(state=text, author_id=people["marta"].id, version=2) if text else None
    life = Life(playbook, waiting, may_approve_own=own)
    moves = list_moves(builders.actor_of(database, people[who]), life)
    assert [move.verb for move in moves] == verbs
    assert all(find_move(life, verb) for verb in verbs)


def test_what_is_in_the_bin_can_only_come_back(database, people):
    playbook = builders.write_playbook(database, people["marta"])
    life = Life(playbook, is_binned=True)
    assert [move.verb for move in list_moves(builders.actor_of(database, people["ada"]), life)] == ["restore"]
    assert list_moves(builders.actor_of(database, people["marta"]), life) == []
