"""Reading playbooks: the list, the page, who sees what, and what a page costs."""

from urllib.parse import unquote

import pytest

from portal.shared.items.operations import hide_item
from tests import builders
from tests.plugins.statements import count_statements

TEXT = """Before you go, read [[{other}]].

## What to bring

A meter.

### And a jacket

Warm.

## Whom to ask for

The shift leader."""


@pytest.fixture
def priya(database):
    """A manager, who writes."""
    builders.add_vocabularies(database)
    return builders.add_person(database, "Priya Shah", "manager")


@pytest.fixture
def rep(client, database):
    """A rep, signed in."""
    person = builders.add_person(database)
    builders.sign_in(client, person)
    return person


def address(playbook, rest=""):
    return f"/playbooks/{playbook.id}-{playbook.slug}{rest}"


def test_page_shows_text_contents_tags_author_and_the_title_of_what_it_links_to(client, database, priya, rep):
    other = builders.write_playbook(database, priya, "Papers for pharma")
    playbook = builders.write_playbook(
        database, priya, "First visit to a dairy", TEXT.format(other=other.id), tags=("dairy",), stage="negotiation"
    )
    page = client.get(address(playbook)).text
    assert f'<a href="{address(other)}">Papers for pharma</a>' in page
    assert '<h2 id="h-what-to-bring">What to bring</h2>' in page
    assert '<a href="#h-and-a-jacket">And a jacket</a>' in page
    assert '<a class="chip" href="/playbooks?tag=dairy">dairy</a>' in page
    assert "Priya Shah" in page
    assert "/playbooks?stage=negotiation" in page
    assert page.count("<h1") == 1
    assert "Edit</a>" not in page


def test_a_heading_of_the_first_rank_is_no_second_h1(client, database, priya, rep):
    playbook = builders.write_playbook(database, priya, text="# Loud\n\nWords with <h1> in them.")
    page = client.get(address(playbook)).text
    assert page.count("<h1") == 1
    assert '<h2 id="h-loud">Loud</h2>' in page


def test_what_the_reader_may_not_see_is_named_nowhere(client, database, priya, rep):
    marketing = builders.add_department(database, "Marketing")
    secret = builders.write_playbook(
        database, priya, "Secret launch", "Heron", audience=(f"dep:{marketing.id}",), tags=("falcon",)
    )
    open_one = builders.write_playbook(database, priya, "Open", f"See [[{secret.id}]] and [this](item:{secret.id}).")
    assert client.get(address(secret)).status_code == 404
    for path in (address(secret, "/history"), address(secret, "/history/1"), address(secret, "/edit")):
        assert client.get(path).status_code == 404
    assert builders.post(client, address(secret, "/history/1/restore")).status_code == 404
    assert builders.post(client, f"/items/{secret.id}/vote", {"useful": "yes"}).status_code == 404
    listing, page = client.get("/playbooks").text, client.get(address(open_one)).text
    for words in ("Secret launch", "Heron", "falcon"):
        assert words not in listing
        assert words not in page
    assert page.count("an item you cannot see") == 2


def test_a_hidden_playbook_is_gone_for_readers(client, database, priya, rep):
    playbook = builders.write_playbook(database, priya)
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, priya), playbook.id)
        session.commit()
    assert client.get(address(playbook)).status_code == 404
    assert playbook.title not in client.get("/playbooks").text


def test_a_stranger_signs_in_first(client, database, priya):
    playbook = builders.write_playbook(database, priya)
    answer = client.get(address(playbook))
    assert answer.status_code == 303
    assert unquote(answer.location) == f"/login?next={address(playbook)}"


@pytest.mark.parametrize("path", ["/playbooks/{id}", "/playbooks/{id}-old-words", "/playbooks/{id}-old-words?x=1"])
def test_the_id_decides_and_a_wrong_slug_is_mended(client, database, priya, rep, path):
    playbook = builders.write_playbook(database, priya)
    answer = client.get(path.format(id=playbook.id))
    assert answer.status_code == 301
    assert answer.location == address(playbook) + ("?x=1" if "?" in path else "")


@pytest.mark.parametrize("path", ["/playbooks/999", "/playbooks/abc", "/playbooks/999-x/history", "/playbooks/9/edit"])
def test_what_is_not_there_is_not_found(client, database, priya, rep, path):
    assert client.get(path).status_code == 404


def test_an_empty_list_says_what_to_do(client, database, priya, rep):
    page = client.get("/playbooks").text
    assert "No playbook yet" in page
    assert "Write a playbook" not in page
    builders.sign_in(client, priya)
    assert 'href="/playbooks/new"' in client.get("/playbooks").text


def test_list_is_filtered_by_stage_and_tag_with_counts(client, database, priya, rep):
    builders.write_playbook(database, priya, "Terms", stage="negotiation", tags=("pricing", "dairy"))
    builders.write_playbook(database, priya, "Visit", tags=("dairy",))
    whole = client.get("/playbooks").text
    assert 'href="/playbooks?stage=negotiation">Negotiation <span>1</span>' in whole
    assert 'href="/playbooks?tag=dairy">dairy <span>2</span>' in whole
    filtered = client.get("/playbooks?stage=negotiation&tag=dairy").text
    assert "Terms" in filtered
    assert "Visit" not in filtered
    assert "Negotiation, dairy" in filtered
    assert "No playbook here" in client.get("/playbooks?tag=unknown").text


def test_list_stands_by_age_or_by_use(client, database, priya, rep):
    older = builders.write_playbook(database, priya, "Older and useful")
    builders.write_playbook(database, priya, "Newer")
    builders.vote(database, rep, older)
    newest, useful = client.get("/playbooks").text, client.get("/playbooks?sort=useful").text
    assert newest.index("Newer") < newest.index("Older and useful")
    assert useful.index("Older and useful") < useful.index("Newer")


def test_list_is_cut_in_pages_of_thirty(client, database, priya, rep):
    for number in range(31):
        builders.write_playbook(database, priya, f"Playbook number {number:02}")
    first, second = client.get("/playbooks").text, client.get("/playbooks?page=2").text
    assert first.count("<article") == 30
    assert "1 to 30 of 31" in first
    assert "/playbooks?page=2" in first
    assert second.count("<article") == 1
    for base in ("/playbooks?", "/paths?", "/objections?", "/search?q=meter&"):
        for odd in ("999999999999", "9" * 5000, "²", "-1"):
            assert client.get(f"{base}page={odd}").status_code == 200


def test_pages_cost_few_statements_at_any_size(client, database, app_database, priya, rep):
    linked = [
        builders.write_playbook(database, priya, f"Linked {number}", tags=(f"t{number}",)) for number in range(12)
    ]
    text = "\n\n".join(f"## Part {one.id}\n\n[[{one.id}]]" for one in linked)
    playbook = builders.write_playbook(database, priya, "Long one", text, tags=("a1", "b2", "c3"), stage="negotiation")
    builders.edit_playbook(
        database, builders.add_person(database, "Tom Winter", "manager"), playbook, text + "\n\nMore."
    )
    for path in ("/playbooks", address(playbook), address(playbook, "/history"), address(playbook, "/history/2")):
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200
        assert len(counted) <= 8, counted.statements
        assert not counted.writes


def test_a_mark_shows_how_long_a_playbook_is_vouched_for(client, database, priya, rep):
    playbook = builders.write_playbook(database, priya)
    assert builders.post(client, f"/items/{playbook.id}/verification").status_code == 403
    builders.sign_in(client, priya)
    assert builders.post(client, f"/items/{playbook.id}/verification").status_code == 303
    assert "Verified until" in client.get(address(playbook)).text
