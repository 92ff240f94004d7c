"""An answer becomes a section of a playbook: in two clicks, through the ordinary edit, with its lineage for good."""

import re

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.observed import Observations
from portal.features.playbooks.models import PlaybookSection, SectionSource
from portal.features.playbooks.queries import list_contributors
from portal.shared.items.operations import hide_item
from tests import builders
from tests.builders import post
from tests.plugins.statements import count_statements

SAY = "Let us look at what it costs over ten years."


@pytest.fixture
def dana(database):
    """Who answers."""
    return builders.add_person(database)


@pytest.fixture
def priya(client, database):
    """A manager, signed in."""
    priya = builders.add_person(database, "Priya Shah", "manager")
    builders.sign_in(client, priya)
    return priya


@pytest.fixture
def asked(database, dana):
    """What the answer answers."""
    builders.add_vocabularies(database)
    return builders.ask_objection(database, dana, "Too expensive")


@pytest.fixture
def answer(database, dana, asked):
    """An answer with an internal line."""
    return builders.post_answer(database, dana, asked, SAY, why="Budgets are yearly.", internal=("Floor is 90",))


@pytest.fixture
def page(database, priya):
    """A playbook with two sections."""
    return builders.write_playbook(database, priya, "Pricing", "## Before\n\nAsk first.\n\n## After\n\nWrite it down.")


def form_of(client, url):
    """What the form holds when it opens."""
    main = client.get(url).text.partition("<main")[2]
    values = {}
    for tag in re.findall(r"<input[^>]*>", main):
        named, value = re.search(r'\bname="([^"]*)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if named and named[1] in ("version", "promoted", "once", "title"):
            values[named[1]] = value[1] if value else ""
    text = re.search(r'<textarea[^>]*\bname="text"[^>]*>(.*?)</textarea>', main, re.DOTALL)
    return {**values, "text": text[1].replace("&gt;", ">").lstrip("\n")}


def promote(client, page, answer, **changes):
    """Open the form with the section in it, and save it."""
    url = f"/playbooks/{page.id}-{page.slug}/edit"
    return post(client, url, {**form_of(client, f"{url}?promote={answer.id}"), "tags": "", **changes})


def lineage(database: Database, page):
    """(section id, position, title) of the sections that were made of something."""
    with database.reading() as session:
        rows = session.execute(
            select(PlaybookSection.id, PlaybookSection.position, PlaybookSection.title)
            .join(SectionSource, SectionSource.section_id == PlaybookSection.id)
            .where(PlaybookSection.playbook_id == page.id)
        )
        return [tuple(row) for row in rows]


def contributors(database, page):
    """Whose words stand in it."""
    with database.reading() as session:
        return [person.name for person in list_contributors(session, page.id)]


def test_two_clicks_lead_from_the_answer_to_the_form_with_the_section_in_it(client, priya, asked, answer, page):
    shown = client.get(f"/objections/{asked.id}-too-expensive").text
    choose = re.search(r'href="(/playbooks/promote\?answer=\d+)">Promote', shown)[1]
    into = re.search(r'href="([^"]*/edit\?promote=\d+)" data-open>Pricing', client.get(choose).text)[1]
    text = form_of(client, into)["text"]
    assert text.startswith("## Before")
    assert f"## Too expensive\n\n> {SAY}\n\n**Why they ask:** Budgets are yearly." in text
    assert "Floor is 90" not in text


def test_saving_credits_the_author_and_links_the_answer_to_its_place(
    client, database, priya, dana, asked, answer, page
):
    assert promote(client, page, answer).status_code == 303
    assert [row[1:] for row in lineage(database, page)] == [(3, "Too expensive")]
    assert contributors(database, page) == ["Dana Ruiz"]
    shown = client.get(f"/objections/{asked.id}-too-expensive").text
    link = f"/playbooks/{page.id}-pricing#h-too-expensive"
    assert f'Now part of <a class="link" href="{link}">Pricing</a>' in shown
    assert promote(client, page, answer).status_code == 303
    builders.sign_in(client, dana)
    assert client.get(f"/objections/{asked.id}-too-expensive").text.count("Now part of") == 1


def test_a_new_playbook_begins_with_the_section(client, database, priya, answer):
    values = form_of(client, f"/playbooks/new?promote={answer.id}")
    assert values["title"] == "Too expensive"
    sent = post(client, "/playbooks/new", {**values, "audience": "all"})
    number = int(re.search(r"/playbooks/(\d+)", sent.location)[1])
    with database.reading() as session:
        assert session.scalars(select(SectionSource.item_id)).all() == [answer.id]
        rows = session.scalars(select(PlaybookSection.playbook_id).join(SectionSource)).all()
    assert rows == [number]


def test_the_section_keeps_its_id_where_it_is_moved_renamed_edited_taken_out_and_restored(
    client, database, priya, asked, answer, page
):
    promote(client, page, answer)
    [(number, _, _)] = lineage(database, page)
    section = f"> {SAY}\n\n**Why they ask:** Budgets are yearly."
    moved = f"## Too expensive\n\n{section}\n\n## Before\n\nAsk first.\n\n## After\n\nWrite it down."
    builders.edit_playbook(database, priya, page, moved)
    assert lineage(database, page) == [(number, 1, "Too expensive")]
    builders.edit_playbook(database, priya, page, moved.replace("Too expensive", "What it costs"))
    assert lineage(database, page) == [(number, 1, "What it costs")]
    builders.edit_playbook(database, priya, page, moved.replace("Too expensive", "What it costs").replace("ten", "8"))
    assert lineage(database, page) == [(number, 1, "What it costs")]
    builders.edit_playbook(database, priya, page, "## Before\n\nAsk first.")
    assert lineage(database, page) == [(number, -1, "What it costs")]
    shown = client.get(f"/playbooks/{page.id}-pricing").text
    assert "What it costs" not in shown
    assert "Now part of" not in client.get(f"/objections/{asked.id}-too-expensive").text
    restored = post(client, f"/playbooks/{page.id}-pricing/history/3/restore", {"version": "6"})
    assert restored.status_code == 303
    assert lineage(database, page) == [(number, 1, "Too expensive")]
    assert "Now part of" in client.get(f"/objections/{asked.id}-too-expensive").text
    builders.edit_playbook(database, priya, page, "Nothing of it.")
    builders.edit_playbook(database, priya, page, "## Too expensive\n\nOther words altogether, of somebody else.")
    assert lineage(database, page)[0][1] == -1, "the same heading over other words is another section"


def test_what_the_writer_moves_and_rewords_in_the_form_is_still_found(client, database, priya, answer, page):
    text = f"## Cost\n\nSay this: {SAY}\n\n## Before\n\nAsk first.\n\n## After\n\nWrite it down."
    promote(client, page, answer, text=text)
    assert [row[1:] for row in lineage(database, page)] == [(1, "Cost")]


def test_a_draft_changes_nothing_for_readers_until_it_is_published(client, database, priya, dana, asked, answer, page):
    sent = promote(client, page, answer, **{"as": "draft"})
    assert sent.location.endswith("/next")
    assert (lineage(database, page), contributors(database, page)) == ([], [])
    assert "Now part of" not in client.get(f"/objections/{asked.id}-too-expensive").text
    form = form_of(client, f"/playbooks/{page.id}-pricing/edit")
    assert form["promoted"] == str(answer.id)
    assert post(client, f"/playbooks/{page.id}-pricing/edit", {**form, "as": "draft"}).status_code == 303
    version = form_of(client, f"/playbooks/{page.id}-pricing/edit")["version"]
    assert post(client, f"/playbooks/{page.id}-pricing/moves/publish", {"version": version}).status_code == 303
    assert [row[1:] for row in lineage(database, page)] == [(3, "Too expensive")]
    assert contributors(database, page) == ["Dana Ruiz"]


def test_a_conflict_keeps_the_section_and_where_it_came_from(client, database, priya, answer, page):
    form = form_of(client, f"/playbooks/{page.id}-pricing/edit?promote={answer.id}")
    builders.edit_playbook(database, priya, page, "## Before\n\nAsk twice.")
    conflict = post(client, f"/playbooks/{page.id}-pricing/edit", {**form, "tags": ""})
    assert conflict.status_code == 409
    assert f'name="promoted" value="{answer.id}"' in conflict.text
    assert lineage(database, page) == []


def test_an_invisible_playbook_is_named_to_nobody_who_may_not_see_it(client, database, priya, dana, asked, answer):
    sales = builders.add_department(database, "Sales")
    sue = builders.add_person(database, "Sue Lee", "manager", department=sales)
    closed = builders.write_playbook(database, sue, "Secret prices", "Words", audience=(f"dep:{sales.id}",))
    builders.sign_in(client, sue)
    promote(client, closed, answer)
    assert "Now part of" in client.get(f"/objections/{asked.id}-too-expensive").text
    builders.sign_in(client, dana)
    assert "Secret prices" not in client.get(f"/objections/{asked.id}-too-expensive").text
    builders.sign_in(client, priya)
    assert "Secret prices" not in client.get(f"/playbooks/promote?answer={answer.id}").text
    assert client.get(f"/playbooks/{closed.id}/edit?promote={answer.id}").status_code == 404


def test_an_answer_that_the_writer_may_not_see_is_credited_to_nobody(client, database, priya, dana, page):
    sales = builders.add_department(database, "Sales")
    other = builders.add_person(database, "Sue Lee", department=sales)
    hidden = builders.ask_objection(database, other, "Closed", audience=(f"dep:{sales.id}",))
    unseen = builders.post_answer(database, other, hidden, SAY)
    assert client.get(f"/playbooks/promote?answer={unseen.id}").status_code == 404
    assert client.get(f"/playbooks/{page.id}-pricing/edit?promote={unseen.id}").status_code == 404
    form = form_of(client, f"/playbooks/{page.id}-pricing/edit")
    typed = {
        **form,
        "text": f"{form['text']}\n\n## Mine\n\n{SAY}",
        "tags": "",
        "promoted": f"{unseen.id} {page.id} x 0",
    }
    assert post(client, f"/playbooks/{page.id}-pricing/edit", typed).status_code == 303
    assert (lineage(database, page), contributors(database, page)) == ([], [])


def test_only_who_may_edit_a_playbook_is_offered_it(client, database, priya, dana, asked, answer, page):
    assert client.get("/playbooks/promote").status_code == 404
    assert client.get("/playbooks/promote?answer=x").status_code == 404
    builders.write_playbook(database, priya, "100% dairy", "Words")
    found = client.get(f"/playbooks/promote?answer={answer.id}&q=100%25").text
    assert "100% dairy" in found
    assert "Pricing" not in found.partition("<main")[2]
    assert "No playbook of that name" in client.get(f"/playbooks/promote?answer={answer.id}&q=zzz").text
    builders.sign_in(client, dana)
    assert "Promote …" not in client.get(f"/objections/{asked.id}-too-expensive").text
    mine = client.get(f"/playbooks/promote?answer={answer.id}").text
    assert "No playbook that you may change" in mine
    assert "New playbook" not in mine
    assert client.get(f"/playbooks/{page.id}-pricing/edit?promote={answer.id}").status_code == 403
    post(client, "/logout")
    assert client.get(f"/playbooks/promote?answer={answer.id}").status_code == 303


def test_a_hidden_answer_leaves_the_section_and_the_page_alone(client, database, priya, asked, answer, page):
    promote(client, page, answer)
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, priya), answer.id)
        session.commit()
    assert "Too expensive" in client.get(f"/playbooks/{page.id}-pricing").text
    builders.edit_playbook(database, priya, page, f"## Too expensive\n\n> {SAY}")
    assert len(lineage(database, page)) == 1


def test_the_pages_take_few_statements(app, client, app_database, database, priya, dana, asked, answer):
    def count(url):
        with count_statements(app_database) as counted:
            assert client.get(url).status_code == 200
        app.extensions["fieldhouse"][Observations].write()  # or its thread writes while the next page is counted
        return len(counted)

    pages = [builders.write_playbook(database, priya, f"Page {at}", "Words") for at in range(12)]
    promote(client, pages[0], answer)
    urls = (f"/objections/{asked.id}-too-expensive", f"/playbooks/promote?answer={answer.id}")
    few = [count(url) for url in urls]
    for page in pages[1:]:
        promote(client, page, builders.post_answer(database, dana, asked, f"{SAY} {page.id}"))
    assert [count(url) for url in urls] == few
    assert max(few) <= 8
