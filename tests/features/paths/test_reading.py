"""Reading paths: the list, the page, who sees which steps, how they are found, and what a page costs."""

import pytest

from portal.shared.items.operations import hide_item
from tests import builders
from tests.features.paths.conftest import address
from tests.plugins.statements import count_statements


def test_page_shows_text_steps_in_order_with_the_words_to_say(client, database, priya, rep):
    guide = builders.write_playbook(database, priya, "The trial")
    asked = builders.ask_objection(database, rep, "Too dear")
    builders.post_answer(database, priya, asked, "What does one stop cost you?")
    path = builders.write_path(database, priya, (guide, asked), text=f"Read [[{guide.id}]] *first*.", tags=("dairy",))
    page = client.get(address(path)).text
    assert page.index("The trial</a></h3>") < page.index("Too dear</a></h3>")
    said = (
        "What does one stop cost you?",
        "Why Too dear",
        "<em>first</em>",
        "0 of 2 done",
        "Only you see this.",
    )
    for words in said:
        assert words in page
    assert f'<a href="/playbooks/{guide.id}-the-trial">The trial</a>' in page
    assert '<a class="chip" href="/paths?tag=dairy">dairy</a>' in page
    assert page.count("<h1") == 1
    assert "Edit</a>" not in page


def test_a_step_that_one_may_not_see_is_left_out_and_not_counted(client, database, priya, rep, steps):
    marketing = builders.add_department(database, "Marketing")
    secret = builders.write_playbook(database, priya, "Secret launch", audience=(f"dep:{marketing.id}",))
    marketer = builders.add_person(database, "Mia Sun", department=marketing)
    path = builders.write_path(database, priya, (builders.write_playbook(database, priya),))
    with database.writing() as session:
        session.add(step_of(path, secret))
        session.commit()
    assert [one.item_id for one in steps(marketer, path)][-1] == secret.id
    page, listing = client.get(address(path)).text, client.get("/paths").text
    for words in ("Secret launch", "Heron", "0 of 2"):
        assert words not in page
    assert "0 of 1 done" in page
    assert "1 step" in listing
    builders.sign_in(client, marketer)
    assert "Secret launch" in client.get(address(path)).text


def step_of(path, item):
    """A step whose line must not be read either."""
    from portal.features.paths.models import PathStep

    return PathStep(path_id=path.id, item_id=item.id, position=9, why="Heron")


def test_a_hidden_step_is_gone_without_a_trace_and_an_obsolete_one_says_so(client, database, priya, rep):
    hidden, old = builders.write_playbook(database, priya, "Gone"), builders.write_playbook(database, priya, "Old")
    path = builders.write_path(database, priya, (hidden, old))
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, priya), hidden.id)
        session.get_one(type(old), old.id).status = "obsolete"
        session.commit()
    page = client.get(address(path)).text
    assert "Gone" not in page
    assert "<span>obsolete</span>" in page
    assert "0 of 1 done" in page


def test_a_path_for_others_is_not_found(client, database, priya, rep):
    marketing = builders.add_department(database, "Marketing")
    path = builders.write_path(database, priya, title="Launch plan", audience=(f"dep:{marketing.id}",))
    for rest in ("", "/edit", "/history", "/history/1"):
        assert client.get(address(path, rest)).status_code == 404
    assert builders.post(client, address(path, "/history/1/restore"), {"version": "1"}).status_code == 404
    assert "Launch plan" not in client.get("/paths").text


def test_an_empty_list_and_an_empty_path_say_what_to_do(client, database, priya):
    assert 'href="/paths/new"' in client.get("/paths").text
    path = builders.write_path(database, priya)
    assert "Add steps" in client.get(address(path)).text
    assert "No path here" in client.get("/paths?tag=nothing").text
    builders.sign_in(client, builders.add_person(database))
    assert "Nothing that you may see stands on this path." in client.get(address(path)).text
    assert "/paths/new" not in client.get("/paths").text


@pytest.mark.parametrize("rest", ["", "-old-words", "-old-words?x=1"])
def test_the_id_decides_and_a_wrong_slug_is_mended(client, database, priya, rest):
    path = builders.write_path(database, priya)
    answer = client.get(f"/paths/{path.id}{rest}")
    assert answer.status_code == 301
    assert answer.location.startswith(address(path))


def test_a_path_is_found_starred_and_kept(client, app, database, priya, rep):
    path = builders.write_path(database, priya, title="First week for newcomers", text="Bring a jacket.")
    builders.drain(app)
    for query in ("newcomers", "jacket", "type:path"):
        page = client.get("/search", query_string={"q": query}).text
        assert address(path) in page, query
        assert "kind path" in page
    assert builders.post(client, f"/items/{path.id}/star", {"starred": "yes"}).status_code == 303
    assert "First week for newcomers" in client.get("/me/kit").text


def test_a_star_and_a_tag_count_for_a_path_as_for_a_playbook(client, app, database, priya, rep):
    first, second = (builders.write_path(database, priya, title="Autumn fair", tags=("booth",)) for _ in range(2))
    builders.drain(app)

    def order():
        page = client.get("/search?q=autumn+booth").text
        return sorted((first, second), key=lambda path: page.index(f'href="{address(path)}"'))

    below = order()[1]
    builders.post(client, f"/items/{below.id}/star", {"starred": "yes"})
    assert order()[0].id == below.id


def test_pages_cost_few_statements_at_any_size(client, database, app_database, priya, rep):
    guides = [builders.write_playbook(database, priya, f"Guide {number}") for number in range(12)]
    asked = [builders.ask_objection(database, rep, f"Too dear {number}") for number in range(12)]
    path = builders.write_path(database, priya, guides + asked, text=f"[[{guides[0].id}]]", tags=("a1", "b2"))
    for number in range(12):
        builders.write_path(database, priya, guides, title=f"Path {number}")
    for url in ("/paths", address(path), address(path, "/history"), address(path, "/history/1")):
        with count_statements(app_database) as counted:
            assert client.get(url).status_code == 200
        assert len(counted) <= 8, counted.statements
        assert not counted.writes


def test_a_shared_screen_names_nobody(client, database, priya, rep):
    path = builders.write_path(database, priya, (builders.write_playbook(database, priya),))
    builders.post(client, "/screen", {"shared": "yes"})
    page = client.get(address(path), follow_redirects=True).text
    assert "First visit" in page
    assert "Priya Shah" not in page
    assert "Priya Shah" not in client.get(address(path, "/history")).text
