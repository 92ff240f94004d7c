"""Writing paths: the form and its buttons, steps that a writer cannot see, conflicts, history and the way back."""

import pytest
from sqlalchemy import select

from portal.core.forms import Fields
from portal.features.paths.forms import Act, arrange, keep_unseen, named_item, read_steps
from portal.features.paths.models import Path, PathStep
from portal.features.paths.queries import Step
from portal.shared.items.operations import hide_item
from tests import builders
from tests.features.paths.conftest import address


@pytest.fixture
def guides(database, priya):
    """Three playbooks."""
    return [builders.write_playbook(database, priya, title) for title in ("One", "Two", "Three")]


def order(database, path):
    """All steps, seen or not."""
    with database.reading() as session:
        rows = session.scalars(select(PathStep).where(PathStep.path_id == path.id).order_by(PathStep.position))
        return [(row.item_id, row.why) for row in rows]


def test_a_path_is_written_with_steps_in_order(client, database, priya, guides):
    one, two, _ = guides
    form = {"title": "First week", "text": "Hello.", "tags": "dairy", "audience": "all",
            "step": [str(two.id), str(one.id)], f"why-{two.id}": "  Because  it is short "}  # fmt: skip
    answer = builders.post(client, "/paths/new", form | {"once": "k" * 22})
    assert answer.status_code == 303
    again = builders.post(client, "/paths/new", form | {"once": "k" * 22})
    assert again.location == answer.location
    with database.reading() as session:
        path = session.scalars(select(Path)).one()
    assert (path.title, path.summary, path.version) == ("First week", "Hello.", 1)
    assert order(database, path) == [(two.id, "Because it is short"), (one.id, "")]


def test_buttons_move_remove_and_add_without_saving_anything(client, database, priya, guides):
    one, two, three = guides
    path = builders.write_path(database, priya, (one, two))
    form = {"title": "New title", "text": "New", "step": [str(one.id), str(two.id)], "version": "1"}

    def press(act, **more):
        page = builders.post(client, address(path, "/edit"), form | {"act": act, **more})
        assert page.status_code == 200, page.text
        assert 'value="New title"' in page.text
        return [int(part.partition('"')[0]) for part in page.text.split('name="step" value="')[1:]]

    assert press(f"up:{two.id}") == [two.id, one.id]
    assert press(f"down:{one.id}") == [two.id, one.id]
    assert press(f"up:{one.id}") == [one.id, two.id]
    assert press(f"remove:{one.id}") == [two.id]
    assert press(f"take:{three.id}") == [one.id, two.id, three.id]
    for typed in (str(three.id), f"[[{three.id}]]", f"/playbooks/{three.id}-three#h-x",
                  f"http://localhost/playbooks/{three.id}-three"):  # fmt: skip
        assert press("add", add=typed) == [one.id, two.id, three.id], typed
    assert press("", add=str(three.id)) == [one.id, two.id, three.id]
    assert order(database, path) == [(one.id, "Why One"), (two.id, "Why Two")]


def test_words_are_searched_for_and_offered(client, app, database, priya, guides):
    builders.ask_objection(database, priya, "Calibration takes too long")
    builders.write_path(database, priya, title="Calibration for all")
    builders.drain(app)
    page = builders.post(client, "/paths/new", {"title": "X", "act": "add", "add": "calibration"}).text
    assert "Calibration takes too long" in page
    assert "Calibration for all" not in page
    refused = builders.post(client, "/paths/new", {"title": "X", "act": "add", "add": "zirconium"})
    assert (refused.status_code, "Nothing that you can see answers" in refused.text) == (422, True)
    refused = builders.post(client, "/paths/new", {"title": "X", "act": "add", "add": "99999"})
    assert "with the number 99999" in refused.text


def test_only_managers_and_publishers_write_and_only_its_own_edit(client, database, priya, guides):
    path = builders.write_path(database, priya, guides)
    builders.sign_in(client, builders.add_person(database))
    assert client.get("/paths/new").status_code == 403
    assert builders.post(client, "/paths/new", {"title": "X"}).status_code == 403
    assert client.get(address(path, "/edit")).status_code == 403
    assert builders.post(client, address(path, "/edit"), {"title": "X", "version": "1"}).status_code == 403
    builders.sign_in(client, builders.add_person(database, "Tom Winter", "publisher"))
    assert client.get("/paths/new").status_code == 200
    assert client.get(address(path, "/edit")).status_code == 403


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Title: please write something here."),
        ({"title": "x" * 201}, "at most 200"),
        ({"title": "X", "tags": ",".join(map(str, range(11)))}, "at most 10"),
        ({"title": "X", "text": "> " * 30 + "deep"}, "Text: Line 1"),
        ({"title": "X", "step": ["99999"]}, "nothing with the number 99999"),
        ({"title": "X", "step": [str(one) for one in range(1, 62)]}, "at most 60"),
        ({"title": "X", "audience": "dep:9"}, "is not one of the choices"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_lost(client, database, priya, typed, said):
    answer = builders.post(client, "/paths/new", {"text": "Kept words", "audience": "all", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    if "text" not in typed:
        assert "Kept words" in answer.text
    with database.reading() as session:
        assert not session.scalars(select(Path)).all()


def test_steps_that_an_editor_cannot_see_stay_where_they_are(client, database, priya, guides):
    one, two, three = guides
    path = builders.write_path(database, priya, (one, two, three))
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, priya), two.id)
        session.commit()
    assert "Two" not in client.get(address(path, "/edit")).text
    form = {"title": "X", "step": [str(three.id), str(one.id)], "version": "1"}
    assert builders.post(client, address(path, "/edit"), form).status_code == 303
    assert [number for number, _ in order(database, path)] == [three.id, one.id, two.id]


def test_an_overtaken_edit_shows_both_texts_and_goes_on(client, database, priya, guides):
    one, two, three = guides
    path = builders.write_path(database, priya, (one, two))
    theirs = {"title": "Theirs", "step": [str(one.id), str(three.id)], "version": "1"}
    builders.post(client, address(path, "/edit"), theirs)
    mine = {"title": "Mine", "text": "", "tags": "", "step": [str(two.id)], f"why-{two.id}": "mine", "version": "1"}
    answer = builders.post(client, address(path, "/edit"), mine)
    assert answer.status_code == 409
    for words in (f"{one.id} One", f"{three.id} Three", f"{two.id} Two | mine", "Theirs", "Mine"):
        assert words in answer.text
    both = {"title": "Mine", "steps": f"{three.id} Three\n{two.id} Two | mine", "version": "2"}
    assert builders.post(client, address(path, "/edit"), both).status_code == 303
    assert order(database, path) == [(three.id, ""), (two.id, "mine")]


def test_history_shows_steps_by_name_and_brings_a_version_back(client, database, priya, guides):
    one, two, three = guides
    path = builders.write_path(database, priya, (one, two))
    form = {"title": "First week", "step": [str(two.id), str(three.id)], "reason": "shorter", "version": "1"}
    builders.post(client, address(path, "/edit"), form)
    page = client.get(address(path, "/history/2")).text
    for words in ("One", "Three", "shorter"):
        assert words in page
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, priya), one.id)
        session.commit()
    assert "Why One" not in client.get(address(path, "/history/2")).text
    assert builders.post(client, address(path, "/history/1/restore"), {"version": "1"}).status_code == 303
    assert len(order(database, path)) == 2
    assert builders.post(client, address(path, "/history/1/restore"), {"version": "2"}).status_code == 303
    assert order(database, path) == [(two.id, "Why Two")]


def test_script_typed_into_every_field_stays_text(client, database, priya, guides):
    evil = "<script>alert(1)</script>"
    form = {"title": evil, "text": evil, "tags": "a<b", "audience": "all", "step": [str(guides[0].id)],
            f"why-{guides[0].id}": evil}  # fmt: skip
    location = builders.post(client, "/paths/new", form).location
    for url in (location, "/paths", location + "/edit", location + "/history/1"):
        assert evil not in client.get(url).text
    assert (
        evil not in builders.post(client, location + "/edit", form | {"version": "1", "act": "add", "add": evil}).text
    )


def test_unseen_steps_keep_their_neighbours() -> None:
    a, b, c, d = (Step(number) for number in (1, 2, 3, 4))
    assert keep_unseen((c, a), (a, b, c), {1, 3}) == (c, a, b)
    assert keep_unseen((), (a, b), {1}) == (b,)
    assert keep_unseen((d,), (b, a), {1, 4}) == (b, d)
    assert keep_unseen((a, c), (a, b, d, c), {1, 3}) == (a, b, d, c)


def test_the_form_is_read_leniently() -> None:
    assert read_steps(Fields({"step": ["3", "x", "3", "1"], "why-3": ["w"]})) == (Step(3, "w"), Step(1))
    assert read_steps(Fields.of(steps="3 Three | w\n\nnonsense\n1 One")) == (Step(3, "w"), Step(1))
    typed = ("7", "#7", "[[7]]", "/questions/7-x", "seven", "7 ways")
    assert [named_item(text) for text in typed] == [7, 7, 7, 7, 0, 0]
    assert arrange((Step(1),), Act("up", 9)) == (Step(1),)
