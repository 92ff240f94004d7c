"""`portal html`: what an older renderer made is counted, and made anew without a trace in versions and dates."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from portal.cli import html
from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import Job
from portal.core.markdown import RENDERER_VERSION, Rendered, render
from portal.features.playbooks.models import Playbook, PlaybookSection
from portal.shared.items.models import Item, ItemLink, Revision
from tests import builders
from tests.cli.conftest import Portal

FINE = "Every text is shown as the present renderer makes it.\n"


def age(database: Database, *ids: int) -> None:
    """As if an older renderer had made these, and everything that follows from it."""
    with database.writing() as session:
        session.execute(update(Item.__table__).where(Item.id.in_(ids)).values(html="<p>old</p>", renderer_version=1))
        session.execute(update(Item.__table__).where(Item.kind == "playbook").values(summary="old"))
        session.execute(delete(ItemLink))
        session.execute(update(PlaybookSection.__table__).values(text="old"))
        session.execute(delete(Job))
        session.commit()


def items(database: Database) -> dict[int, Item]:
    with database.reading() as session:
        return {item.id: item for item in session.scalars(select(Item))}


@pytest.fixture
def ids(database: Database) -> list[int]:
    """An objection and its answer with texts, one without, and a playbook that links to the first."""
    with clock.at(clock.now() - timedelta(days=9)):
        dana = builders.add_person(database, role="manager")
        asked = builders.ask_objection(database, dana, text="It is *dear*.")
        answer = builders.post_answer(database, dana, asked, text="**Look**")
        bare = builders.ask_objection(database, dana, "Too late")
        playbook = builders.write_playbook(
            database, dana, text=f"Lead of it, [[{asked.id}]].\n\n## First\n\nOne.\n\n## Second\n\nTwo."
        )
    return [asked.id, answer.id, bare.id, playbook.id]


def test_texts_of_an_older_renderer_are_counted_and_rendered_again(
    portal: Portal, database: Database, ids: list[int]
) -> None:
    asked, answer, bare, playbook = ids
    assert (portal("html", "check").stdout, portal("html", "check").exit_code) == (FINE, 0)
    before, sections = items(database), _sections(database)
    age(database, *ids)
    said = portal("html", "check")
    assert said.exit_code == 1
    assert said.stdout.startswith("3 texts are shown as an older renderer made them; ")
    done = portal("html", "rebuild")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "Rendered 3 texts.")
    assert portal("html", "check").stdout == FINE
    after = items(database)
    for number in (asked, answer, playbook):
        assert vars_of(after[number]) == vars_of(before[number])
    assert after[bare].html == "<p>old</p>", "without a text there is nothing to render"
    assert _sections(database) == sections
    with database.reading() as session:
        assert session.execute(select(ItemLink.source_id, ItemLink.target_id)).all() == [(playbook, asked)]
        assert len(session.scalars(select(Revision)).all()) == 4
        jobs = {tuple(row) for row in session.execute(select(Job.kind, Job.key))}
    assert jobs == {("index", f"objection:{asked}"), ("index", f"playbook:{playbook}")}


def vars_of(item: Item) -> dict[str, object]:
    return {column.key: getattr(item, column.key) for column in Item.__table__.columns}


def _sections(database: Database) -> list[tuple[object, ...]]:
    columns = PlaybookSection.__table__.columns
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(PlaybookSection.id))]


def test_the_check_of_everything_names_them(portal: Portal, database: Database, ids: list[int]) -> None:
    portal("search", "build")
    assert "HTML: fine" in portal("check").stdout
    age(database, ids[1])
    said = portal("check")
    assert said.exit_code == 1
    assert "HTML: 1 text is shown as an older renderer made it" in said.stdout


def test_a_text_that_breaks_a_limit_by_now_is_named_and_keeps_its_html(
    portal: Portal, database: Database, ids: list[int]
) -> None:
    age(database, *ids)
    with database.writing() as session:
        session.execute(update(Item.__table__).where(Item.id == ids[1]).values(source="> " * 30 + "deep"))
        session.commit()
    said = portal("html", "rebuild")
    assert said.exit_code == 1
    assert f"Item {ids[1]} keeps its old HTML: Line 1:" in said.stdout
    assert said.stdout.splitlines()[-1] == "Rendered 2 texts."
    assert items(database)[ids[1]].html == "<p>old</p>"


def test_a_text_that_is_saved_meanwhile_is_left_to_who_saved_it(
    portal: Portal, database: Database, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    playbook = items(database)[ids[3]]
    assert isinstance(playbook, Playbook)
    dana = builders.person_of(database, playbook.author_id)
    age(database, ids[3])

    def slow(source: str) -> Rendered:
        if "Lead of it" in source and items(database)[ids[3]].version == 1:
            builders.edit_playbook(database, dana, playbook, "Newer words.")
        return render(source)

    monkeypatch.setattr(html, "render", slow)
    assert portal("html", "rebuild").exit_code == 0
    saved = items(database)[ids[3]]
    assert (saved.html, saved.version, saved.renderer_version) == ("<p>Newer words.</p>", 2, RENDERER_VERSION)


def test_texts_are_taken_in_batches_and_none_is_passed_over(
    portal: Portal, database: Database, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "BATCH", 1)
    age(database, *ids)
    assert portal("html", "rebuild").stdout.splitlines()[-1] == "Rendered 3 texts."
    assert portal("html", "check").stdout == FINE
