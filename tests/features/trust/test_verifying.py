"""Who may give their word for an item, for how long it holds, and what gives nobody's word."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal.core import clock
from tests import builders
from tests.features.trust.conftest import (
    add_competitor,
    address,
    disable,
    may_verify,
    name,
    read,
    send,
    verify,
    word,
)
from tests.plugins.statements import count_statements


def test_a_competitor_is_kept_true_though_it_has_no_page(client, database, priya):
    item = add_competitor(database, priya)
    builders.sign_in(client, priya)
    assert send(client, database, item, owner=str(priya.id)).status_code == 303
    assert builders.post(client, word(item)).location == address(item)
    assert read(database, item).verified_by_id == priya.id


def test_an_edit_by_its_verifier_verifies_nothing(database, playbook, priya, marta):
    verify(database, marta, playbook)
    builders.edit_playbook(database, priya, playbook, "Bring a jacket.")
    after = read(database, playbook)
    assert (after.version, after.verified_on, after.verify_by) == (2, date(2026, 3, 3), date(2026, 6, 1))


def test_days_are_the_company_s_and_a_change_of_the_clocks_makes_none_longer(database, playbook, marta, monkeypatch):
    monkeypatch.setattr(clock._Company, "zone", ZoneInfo("Europe/Berlin"))
    name(database, marta, playbook, days=7)
    verify(database, marta, playbook, datetime(2026, 3, 28, 22, 59, tzinfo=UTC))
    item = read(database, playbook)
    assert (item.verified_on, item.verify_by) == (date(2026, 3, 28), date(2026, 4, 4))
    for hour, minute, is_stale in ((21, 59, False), (22, 0, True)):  # summer time by then: midnight comes earlier
        with clock.at(datetime(2026, 4, 4, hour, minute, tzinfo=UTC)):
            assert (item.mark_on(clock.today()) == "stale") is is_stale


def test_a_named_verifier_verifies_and_the_owner_does_not_beside(client, database, playbook, priya, marta, dana):
    name(database, priya, playbook, verifier_id=dana.id)
    assert [may_verify(client, one, playbook) for one in (marta, dana, priya)] == [403, 303, 303]


def test_members_of_the_verifier_team_verify(client, database, playbook, priya, marta, dana, west):
    member = builders.add_person(database, "Wes West", team=west)
    name(database, priya, playbook, verifier_team_id=west.id)
    assert [may_verify(client, one, playbook) for one in (member, marta, dana)] == [303, 403, 403]
    page = client.get(f"/playbooks/{playbook.id}-{playbook.slug}").text
    assert 'Verified by <a href="/teams/west">West</a>, every 90 days' in page


def test_the_owner_stands_in_for_a_verifier_who_has_left_and_the_page_says_so(
    client, database, playbook, priya, marta, dana
):
    name(database, priya, playbook, verifier_id=dana.id)
    disable(database, dana)
    assert may_verify(client, marta, playbook) == 303
    plain = re.sub(r"<[^>]+>", "", client.get(f"/playbooks/{playbook.id}-{playbook.slug}").text)
    assert "Dana Ruiz has left: Marta Klein, the owner, may verify it" in plain
    disable(database, marta)
    builders.sign_in(client, priya)
    plain = re.sub(r"<[^>]+>", "", client.get(f"/playbooks/{playbook.id}-{playbook.slug}").text)
    assert "Dana Ruiz has left: managers may verify it" in plain
    assert "Its owner, Marta Klein, has left" in plain


def test_the_owner_stands_in_for_a_team_that_nobody_is_in(client, database, playbook, priya, marta, west):
    name(database, priya, playbook, verifier_team_id=west.id)
    assert may_verify(client, marta, playbook) == 303


def test_a_draft_or_an_obsolete_page_is_not_verified(client, database, priya):
    draft = builders.draft_playbook(database, priya)
    builders.sign_in(client, priya)
    assert builders.post(client, word(draft)).status_code == 409
    assert read(database, draft).verified_on is None


def test_a_shared_screen_names_nobody_beside_a_page(client, database, playbook, priya, marta):
    builders.sign_in(client, priya)
    builders.post(client, "/screen", {"shared": "yes"})
    page = client.get(f"/playbooks/{playbook.id}").text
    assert "Marta" not in page
    assert "Trust" in page


def test_an_answered_page_with_everything_on_it_keeps_its_budget(client, database, app_database, priya, dana):
    add_competitor(database, priya)
    other = builders.ask_objection(database, dana, "Too slow")
    asked = builders.ask_objection(database, dana, text=f"See [[{other.id}]]", competitor="kestrion", tags=("a",))
    for number in range(5):
        builders.post_answer(database, dana, asked, f"Words {number}")
    builders.sign_in(client, priya)
    with count_statements(app_database) as counted:
        assert "Kestrion" in client.get(f"/objections/{asked.id}-{asked.slug}").text
    assert len(counted) <= 8, counted.statements
