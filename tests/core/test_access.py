"""Who is asking, which doors open, and what can be said when they do not."""

import pytest

from portal.core.access import Actor, Grant, admins, anyone, managers, signed_in, signed_out
from portal.core.errors import Forbidden, Invalid, NotFound, TooMany, require


def actor(*roles: str, department: int | None = None, team: int | None = None) -> Actor:
    return Actor(17, "Dana", "dana", frozenset(Grant(role, None, None) for role in roles), department, team)


def test_doors_open_by_role() -> None:
    people = {"stranger": None, "rep": actor("rep"), "manager": actor("manager"), "admin": actor("rep", "admin")}
    opened = {
        rule.name: [name for name, one in people.items() if rule.admits(one)]
        for rule in (anyone, signed_out, signed_in, managers, admins)
    }
    assert opened == {
        "anyone": ["stranger", "rep", "manager", "admin"],
        "signed out": ["stranger"],
        "signed in": ["rep", "manager", "admin"],
        "managers": ["manager", "admin"],
        "admins": ["admin"],
    }


def test_an_admin_is_no_manager_unless_granted_it() -> None:
    assert (actor("admin").is_admin, actor("admin").is_manager) == (True, False)
    assert (actor("manager").is_admin, actor("manager").is_manager) == (False, True)


def test_audiences_are_everybody_oneself_and_where_one_belongs() -> None:
    assert actor("rep").audiences == {"all", "person:17"}
    assert actor("rep", department=3, team=2).audiences == {"all", "person:17", "dep:3", "team:2"}


def test_an_actor_cannot_promote_itself() -> None:
    with pytest.raises(AttributeError):
        actor("rep").grants = frozenset({Grant("admin", None, None)})  # type: ignore[misc]


def test_the_second_gate_says_why() -> None:
    require(True)
    with pytest.raises(Forbidden, match="Only the asker") as caught:
        require(False, "Only the asker may choose.")
    assert caught.value.status == 403


def test_problems_bear_their_status_and_words() -> None:
    assert (NotFound().status, TooMany("Slow.", 3).status, TooMany("Slow.", 3).retry_after) == (404, 429, 3)
    invalid = Invalid({"title": "Title: too long.", "tags": "Tags: too many."})
    assert (invalid.status, invalid.errors["tags"]) == (422, "Tags: too many.")
    assert invalid.message == "title: Title: too long.; tags: Tags: too many."
