"""An export is read back without loss: the same items, the same files, and a second time nothing changes."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.core import clock, front_matter
from portal.core.markdown import render
from portal.features.competitors.models import Competitor
from portal.features.objections.forms import Proof
from portal.features.objections.models import Answer, Asked
from portal.features.paths.models import PathStep
from portal.features.playbooks.forms import ObsoleteInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.shelf_operations import make_obsolete, put_in_bin
from portal.shared.items.models import Item
from portal.shared.items.operations import Snapshot, hide_item, start_item
from portal.shared.items.trust_operations import verify_item
from tests import builders
from tests.shared.files import samples


def fill(exchange):
    """One of everything, linked in circles."""
    database, manager, dana = exchange.database, exchange.manager, exchange.dana
    with database.writing() as session:
        rival = Competitor(author_id=manager.id, title="Acme", slug="acme", status="published")
        start_item(session, rival, render(""), Snapshot({"title": "Acme"}))
        session.commit()
    picture = exchange.upload(dana, "my plan (new).png", samples.picture())
    asked = builders.ask_objection(
        database, dana, "Too: expensive", category="price", stage="negotiation", competitor="acme",
        variants=("- costs too much", "“dear”"), tags=("dairy",), text="They say so on every call.",
    )  # fmt: skip
    answer = builders.post_answer(
        database, dana, asked, "Let us: look at the year.", why="Budget\n- two\n- lines", ask_back="What did you pay?",
        proof=(Proof("Saves 4 %", "Case: Smith"),), push="Stay.", avoid="Discounts", stay_true="4 %",
        internal=("Floor is 90", "Ask Priya"), text=f"See ![plan](file:{picture.id})\n\n```\n[x](item:1)\n```",
    )  # fmt: skip
    builders.choose(database, dana, asked, answer)
    question = builders.ask_objection(database, dana, "Who signs?", kind="question", text=f"As in [[{asked.id}]].")
    old = builders.write_playbook(database, manager, "Old way", f"Do [[{asked.id}|this]].")
    new = builders.write_playbook(
        database, manager, "“New”: way", stage="negotiation", tags=("dairy", "pricing"),
        text=f"---\nno: head\n---\n\n# First\n\n[[{old.id}#h-x]] and [o](item:{asked.id})"
        f" ![p](/files/{picture.id}/a.png)",
    )  # fmt: skip
    builders.edit_playbook(database, manager, old, f"Do [[{new.id}]] | [[{asked.id}|this]].")
    with database.writing() as session:
        actor = builders.actor_of(database, manager)
        verify_item(session, actor, new.id)
        make_obsolete(session, actor, old.id, ObsoleteInput(new.id, ""))
        session.commit()
    builders.draft_playbook(database, manager, "A draft", "Not yet.")
    builders.write_path(database, manager, [new, asked, question], text="Begin here.", tags=("first week",))


def test_an_emptied_portal_is_filled_with_the_same_items_and_files(exchange):
    fill(exchange)
    with exchange.database.writing() as session:
        session.get_one(Item, exchange.item("“New”: way").id).verify_days = 30
        session.commit()
    before = exchange.export()
    with exchange.database.reading() as session:
        items = session.execute(select(Item.id, Item.title, Item.html, Item.created_at).order_by(Item.id)).all()
    exchange.empty()
    outcomes = exchange.read(before)
    assert set(outcomes.values()) == {"created"}, exchange.report
    assert exchange.export() == before
    with exchange.database.reading() as session:
        again = session.execute(select(Item.id, Item.title, Item.html, Item.created_at).order_by(Item.id)).all()
        assert session.scalars(select(Item.verify_days).where(Item.verified_on.is_not(None))).all() == [30]
        rows = {row[1]: row for row in again}
        assert {row[1]: row for row in items}.keys() == rows.keys()
        answer = session.scalars(select(Answer)).one()
        assert answer.internal == ["Floor is 90", "Ask Priya"]
        assert session.scalars(select(Asked.best_answer_id).where(Asked.title == "Too: expensive")).one() == answer.id
        assert len(session.scalars(select(PathStep)).all()) == 3
    assert [tuple(row)[:2] for row in again] == [tuple(row)[:2] for row in items]
    assert set(exchange.read(before).values()) == {"unchanged"}


def test_reading_back_into_the_same_portal_changes_nothing(exchange):
    fill(exchange)
    entries, count = exchange.export(), exchange.count()
    with exchange.database.reading() as session:
        versions = session.execute(select(Item.id, Item.version, Item.updated_at).order_by(Item.id)).all()
    assert set(exchange.read(entries).values()) == {"unchanged"}, exchange.report
    assert not [note for entry in exchange.report.entries for note in entry.notes]
    assert exchange.count() == count
    with exchange.database.reading() as session:
        assert session.execute(select(Item.id, Item.version, Item.updated_at).order_by(Item.id)).all() == versions


def test_numbers_that_others_have_are_mapped_and_links_with_them(exchange):
    fill(exchange)
    entries = exchange.export()
    new = exchange.item("“New”: way")
    exchange.empty()
    exchange.occupy(new.id)
    assert set(exchange.read(entries).values()) == {"created"}, exchange.report
    mapped, path = exchange.item("“New”: way"), exchange.item("First week")
    assert mapped.id != new.id
    assert f"[[{mapped.id}]] | [[" in exchange.item("Old way").source
    with exchange.database.reading() as session:
        steps = session.scalars(select(PathStep.item_id).where(PathStep.path_id == path.id)).all()
    assert mapped.id in steps
    assert new.id not in steps
    count = exchange.count()
    assert set(exchange.read(entries).values()) == {"unchanged"}, exchange.report
    assert exchange.count() == count


def test_the_front_matter_says_what_the_pages_say(exchange):
    fill(exchange)
    texts = exchange.texts()
    new = next(text for name, text in texts.items() if name.endswith("-new-way.md"))
    head, body = front_matter.split(new)
    item = exchange.item("“New”: way")
    assert head == {
        "fieldhouse": 1, "kind": "playbook", "id": item.id, "title": "“New”: way", "stage": "negotiation",
        "tags": ["dairy", "pricing"], "status": "published", "audience": ["all"], "author": exchange.manager.email,
        "owner": exchange.manager.email, "created": item.created_at, "changed": head["changed"],
        "verified": item.verified_on, "verified_by": exchange.manager.email, "verify_by": item.verify_by,
    }  # fmt: skip
    old, asked = exchange.item("Old way"), exchange.item("Too: expensive")
    assert f'[Old way](../playbooks/{old.id}-old-way.md#h-x "[[{old.id}]]")' in body
    assert f"[o](../objections/{asked.id}-too-expensive.md)" in body
    assert "/my%20plan%20%28new%29.png)" in body
    old_head, old_body = front_matter.split(texts[f"playbooks/{old.id}-old-way.md"])
    assert old_head["status"] == "obsolete"
    assert old_head["successor"] == f"../playbooks/{item.id}-new-way.md"
    assert f'[this](../objections/{asked.id}-too-expensive.md "[[{asked.id}|]]")' in old_body
    answer = front_matter.split(texts[f"objections/{asked.id}-too-expensive.md"])[0]["answers"][0]
    assert answer["chosen"] is True
    assert answer["proof"] == [{"claim": "Saves 4 %", "source": "Case: Smith"}]
    assert "[x](item:1)" in answer["text"]
    assert "../files/" in answer["text"]


def test_a_changed_file_is_the_next_version_and_what_is_edited_here_stays(exchange):
    fill(exchange)
    entries = {name: data.decode() if name.endswith(".md") else data for name, data in exchange.export().items()}
    name = next(one for one in entries if one.endswith("-new-way.md"))
    entries[name] = entries[name].replace("# First", "# First of all").replace("- all\n", "- team:west\n")
    outcomes = exchange.read(entries, dry_run=True)
    assert outcomes[name] == "error"
    assert "team:west" in exchange.reasons()[name]
    entries[name] = entries[name].replace("- team:west\n", "- all\n").replace("owner: priya.shah", "owner: dana.ruiz")
    assert exchange.read(entries, dry_run=True)[name] == "updated"
    assert exchange.item("“New”: way").version == 1
    outcomes = exchange.read(entries)
    assert (outcomes.pop(name), set(outcomes.values())) == ("updated", {"unchanged"}), exchange.report
    assert exchange.notes(name) == ("owner: as in the portal; only words are taken",)
    item = exchange.item("“New”: way")
    assert (item.version, "# First of all" in item.source, item.owner_id) == (2, True, exchange.manager.id)
    assert exchange.read(entries)[name] == "unchanged"
    with exchange.database.reading() as session:
        playbook = session.get_one(Playbook, item.id)
    builders.edit_playbook(exchange.database, exchange.manager, playbook, "Mine.")
    entries[name] = entries[name].replace("# First of all", "# Last")
    assert exchange.read(entries)[name] == "skipped"
    assert "--force" in exchange.reasons()[name]
    assert exchange.read(entries, force=True)[name] == "updated"
    assert "# Last" in exchange.item("“New”: way").source


def test_answers_are_added_and_changed_one_by_one(exchange):
    fill(exchange)
    entries = exchange.texts()
    name = next(one for one in entries if one.startswith("objections/"))
    head, text = front_matter.split(entries[name])
    head["answers"][0]["say"] = "Let us look at two years."
    head["answers"].append({"say": "It pays for itself.", "author": exchange.manager.email})
    files = {name: data for name, data in exchange.export().items() if name.startswith("files/")}
    assert exchange.read({**files, **entries, name: front_matter.join(head, text.strip())})[name] == "updated"
    with exchange.database.reading() as session:
        answers = session.scalars(select(Answer).order_by(Answer.id)).all()
    assert [answer.say for answer in answers] == ["Let us look at two years.", "It pays for itself."]
    assert [answer.version for answer in answers] == [2, 1]
    assert answers[1].author_id == exchange.manager.id


def test_somebodys_export_holds_only_what_this_person_sees(exchange):
    database, manager, dana = exchange.database, exchange.manager, exchange.dana
    sales = builders.add_department(database, "Sales")
    secret = builders.write_playbook(
        database, manager, "Secret prices", "90 is the floor.", audience=(f"dep:{sales.id}",)
    )
    open_ = builders.write_playbook(
        database, manager, "Open", f"[the floor is 90](item:{secret.id}), [[{secret.id}]] and [[{secret.id}|psst]]"
    )
    tagged = builders.write_playbook(database, manager, "Tag", f"<a href='item:{secret.id}'>psst</a>")
    builders.draft_playbook(database, manager, "A draft", "Not yet.")
    hidden, binned = (builders.write_playbook(database, manager, title, "Gone") for title in ("Hidden", "Binned"))
    with database.writing() as session:
        actor = builders.actor_of(database, manager)
        hide_item(session, actor, hidden.id)
        put_in_bin(session, actor, binned.id)
        session.commit()
    texts = exchange.texts(dana)
    assert list(texts) == [f"playbooks/{open_.id}-open.md"]
    whole = "".join(texts.values())
    assert "floor" not in whole
    assert "psst" not in whole
    assert "Secret" not in whole
    assert exchange.written.left_out == [
        f"playbooks/{tagged.id}-tag.md: it names what is left out in a way that cannot be cut out"
    ]
    assert exchange.read(texts) == {f"playbooks/{open_.id}-open.md": "unchanged"}, exchange.report
    assert len(exchange.texts()) == 4
    edited = {name: text.rstrip() + "\n\nMore.\n" for name, text in texts.items()}
    assert set(exchange.read(edited).values()) == {"updated"}
    assert exchange.item("Open").source == f"{open_.source}\n\nMore."


def test_what_was_hidden_from_a_link_is_never_another_item(exchange):
    database, manager, dana = exchange.database, exchange.manager, exchange.dana
    sales = builders.add_department(database, "Sales")
    secret = builders.write_playbook(database, manager, "Secret prices", "90", audience=(f"dep:{sales.id}",))
    open_ = builders.write_playbook(database, manager, "Open", f"[floor](item:{secret.id}), [[{secret.id}]]")
    texts = exchange.texts(dana)
    exchange.empty()
    exchange.occupy(secret.id)
    assert exchange.read(texts) == {f"playbooks/{open_.id}-open.md": "created"}
    assert exchange.item("Open").source == "an item you cannot see, an item you cannot see"


def test_people_and_verification_that_are_not_here_are_told(exchange):
    playbook = builders.write_playbook(exchange.database, exchange.manager, "A", "Words")
    entries = {name: text.replace("priya.shah@", "gone@") for name, text in exchange.texts().items()}
    name = next(iter(entries))
    entries[name] = entries[name].replace("created:", "verified: 2026-01-05\nverified_by: gone@example.com\ncreated:")
    exchange.empty()
    assert exchange.read(entries) == {name: "created"}
    assert "author gone@example.com is nobody here" in exchange.notes(name)
    item = exchange.item("A")
    assert (item.author_id, item.verified_on, item.id) == (exchange.manager.id, None, playbook.id)


def test_a_file_written_by_hand_comes_in_and_is_known_again(exchange):
    entries = {
        "playbooks/visit.md": "---\nfieldhouse: 1\nkind: playbook\ntitle: 2026\n---\nSee [more](more.md).\n",
        "playbooks/more.md": "---\nfieldhouse: 1\nkind: playbook\ntitle: More\ncreated: 2026-03-01 10:00:00Z\n---\nHm.",
    }
    assert set(exchange.read(entries).values()) == {"created"}
    more = exchange.item("More")
    assert exchange.item("2026").source == f"See [more](item:{more.id})."
    assert more.created_at.date() == date(2026, 3, 1)
    assert set(exchange.read(entries).values()) == {"unchanged"}
    assert more.owner_id == exchange.manager.id
    assert clock.now() > more.created_at


@pytest.mark.parametrize("unit", ["write", "attempt"])
def test_the_next_item_gets_a_number_of_its_own(exchange, unit):
    builders.write_playbook(exchange.database, exchange.manager, "A", "Words")
    name, text = next(iter(exchange.texts().items()))
    exchange.empty()
    number = exchange.read({name: text.replace("\nid: ", "\nid: 7")}, dry_run=unit == "attempt")
    assert number == {name: "created"}
    ids = {builders.write_playbook(exchange.database, exchange.manager, f"B{at}", "Words").id for at in range(3)}
    assert len(ids) == 3
