"""Playbooks are found by the words of a section, and the hit leads to its heading."""

import pytest

from portal.features.playbooks import documents
from portal.shared.finding.finder import Finder
from portal.shared.finding.syntax import read
from portal.shared.items.operations import hide_item
from tests import builders
from tests.plugins.statements import count_statements

TEXT = "A walk through the plant.\n\n## The filler\n\nWeigh ten kegs.\n\n## The cooler\n\nWatch the glycol."


@pytest.fixture
def priya(database):
    """A manager, who writes."""
    builders.add_vocabularies(database)
    return builders.add_person(database, "Priya Shah", "manager")


@pytest.fixture
def search(app, database, priya):
    """Search as a rep does, when all jobs are done; rows as (title, address)."""
    rep = builders.actor_of(database, builders.add_person(database))

    def rows(words):
        builders.drain(app)
        finder = app.extensions["fieldhouse"][Finder]
        finder.index.refresh()
        with database.reading() as session:
            return [(row.title, row.url) for row in finder.search(session, rep, read(words)).rows]

    return rows


def test_a_hit_leads_to_the_heading(database, priya, search):
    playbook = builders.write_playbook(database, priya, "Brewery visit", TEXT)
    base = f"/playbooks/{playbook.id}-brewery-visit"
    assert search("glycol") == [("Brewery visit › The cooler", f"{base}#h-the-cooler")]
    assert search("walk through plant")[0] == ("Brewery visit", base)


def test_filters_by_stage_tag_and_kind(database, priya, search):
    builders.write_playbook(database, priya, "Brewery visit", TEXT, stage="negotiation", tags=("brewery",))
    builders.write_playbook(database, priya, "Dairy visit", TEXT)
    for words in ("kegs stage:negotiation", "kegs tag:brewery", "kegs tag:brewery type:playbook"):
        assert [title for title, _ in search(words)] == ["Brewery visit › The filler"]


def test_new_words_are_found_and_old_ones_are_not(database, priya, search):
    playbook = builders.write_playbook(database, priya, "Brewery visit", TEXT)
    assert search("glycol")
    builders.edit_playbook(database, priya, playbook, "Only ammonia is left.")
    assert search("ammonia") == [("Brewery visit", f"/playbooks/{playbook.id}-brewery-visit")]
    assert search("glycol") == []


def test_what_is_hidden_or_for_others_is_found_by_nobody_else(database, priya, search):
    marketing = builders.add_department(database, "Marketing")
    builders.write_playbook(database, priya, "Secret launch", "heron", audience=(f"dep:{marketing.id}",))
    hidden = builders.write_playbook(database, priya, "Old one", "bittern")
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, priya), hidden.id)
        session.commit()
    assert search("heron") == []
    assert search("bittern") == []


def test_documents_cost_six_statements_for_any_number(database, priya):
    ids = [builders.write_playbook(database, priya, f"Number {n}", TEXT, tags=(f"t{n}",)).id for n in range(5)]
    with count_statements(database) as counted, database.reading() as session:
        found = documents.load_documents(session, ids)
    assert len(counted) == 6, counted.statements
    assert len(found) == 15
    assert {one.group for one in found} == {f"playbook:{number}" for number in ids}
    assert found[1].key == f"playbook:{ids[0]}#h-the-filler"
    assert found[1].body == "Weigh ten kegs."


def test_a_section_that_is_gone_leads_to_the_top(database, priya):
    playbook = builders.write_playbook(database, priya, "Brewery visit", TEXT)
    actor = builders.actor_of(database, priya)
    with count_statements(database) as counted, database.reading() as session:
        place = (playbook.id, "h-not-there")
        found = documents.list_hits(session, actor, [place, (playbook.id, "h-the-filler"), (999, "")])
    assert len(counted) == 1
    assert {key: title for key, (_, title) in found.items()} == {
        place: "",
        (playbook.id, "h-the-filler"): "The filler",
    }
