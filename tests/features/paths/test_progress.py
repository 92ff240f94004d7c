"""What somebody has done on a path: ticked for oneself, seen by nobody else, kept while the path changes."""

import pytest
from sqlalchemy import select

from portal.features.paths.models import StepDone
from tests import builders
from tests.features.paths.conftest import address


@pytest.fixture
def path(database, priya, rep):
    """A path of two playbooks."""
    return builders.write_path(
        database, priya, [builders.write_playbook(database, priya, title) for title in ("One", "Two")]
    )


def tick(client, path, step, done="yes"):
    """Press the button of a step."""
    return builders.post(client, address(path, f"/steps/{step.id}"), {"done": done})


def test_a_tick_is_set_and_taken_back_and_a_repeat_changes_nothing(client, path, rep, steps):
    first = steps(rep, path)[0]
    for _ in range(2):
        answer = tick(client, path, first)
        assert (answer.status_code, answer.location) == (303, address(path, f"#step-{first.id}"))
    assert "1 of 2 done" in client.get(address(path)).text
    assert "1 of 2 done" in client.get("/paths").text
    for _ in range(2):
        tick(client, path, first, "no")
    assert "0 of 2 done" in client.get(address(path)).text


def test_nobody_else_sees_it(client, database, path, priya, rep, steps):
    tick(client, path, steps(rep, path)[0])
    builders.sign_in(client, priya)
    for url in (address(path), "/paths", f"/people/{rep.id}-{rep.slug}"):
        page = client.get(url, follow_redirects=True).text
        assert "1 of 2" not in page
    assert [one.done_at for one in steps(priya, path)] == [None, None]


def test_ticks_stay_while_steps_are_moved_and_reworded(client, database, path, priya, rep, steps):
    one, two = steps(rep, path)
    tick(client, path, one)
    builders.sign_in(client, priya)
    form = {"title": "First week", "step": [str(two.item_id), str(one.item_id)], f"why-{one.item_id}": "New"}
    assert builders.post(client, address(path, "/edit"), form | {"version": "1"}).status_code == 303
    after = steps(rep, path)
    assert [(step.item_id, bool(step.done_at)) for step in after] == [(two.item_id, False), (one.item_id, True)]
    assert after[1].id == one.id


def test_ticks_go_with_their_step(client, database, path, priya, rep, steps):
    one, two = steps(rep, path)
    tick(client, path, one)
    builders.sign_in(client, priya)
    builders.post(client, address(path, "/edit"), {"title": "Shorter", "step": [str(two.item_id)], "version": "1"})
    with database.reading() as session:
        assert not session.scalars(select(StepDone)).all()


def test_a_step_of_another_path_or_unseen_is_not_found(client, database, path, priya, rep, steps):
    marketing = builders.add_department(database, "Marketing")
    marketer = builders.add_person(database, "Mia Sun", "publisher", department=marketing)
    foreign = builders.write_playbook(database, marketer, "Launch", audience=(f"dep:{marketing.id}",))
    other = builders.write_path(database, marketer, [foreign], title="Other")
    step = steps(marketer, other)[0]
    assert tick(client, path, step).status_code == 404
    assert tick(client, other, step).status_code == 404
    assert client.get(address(path, f"/steps/{step.id}")).status_code == 405
    client.post("/logout")
    with database.reading() as session:
        assert not session.scalars(select(StepDone)).all()
