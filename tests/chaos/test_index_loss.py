"""The search index is lost or damaged under a running portal: searches go on, and it is built anew."""

import os
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.cli.context import Context
from portal.core.db import Database
from portal.settings import Settings
from portal.shared.search_index import IndexUnavailable
from portal.shared.search_index.store import only_writer
from tests import builders
from tests.chaos.running import PATIENCE, Running
from tests.chaos.visitor import Visitor

NOTE = "The search index is being built. Until it stands, only titles are searched."
SEARCH = "/search?q=too+expensive"
TITLE = "Too expensive for a dairy"
WORDS = "What does an hour of standstill cost you?"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The index is the same whatever database it copies."""
    return str(request.param)


@pytest.fixture
def visitor(portal: Running) -> Iterator[Visitor]:
    """Somebody signed in to a portal that runs and has indexed an objection with its answer."""
    database = Database(portal.database_url)
    builders.add_vocabularies(database)
    person = builders.add_person(database)
    asked = builders.ask_objection(database, person, TITLE, category="price")
    builders.post_answer(database, builders.add_person(database, "Omar Haddad"), asked, WORDS)
    database.dispose()
    portal.start()
    visitor = Visitor(portal.port, person.email)
    visitor.sign_in(builders.PASSWORD)
    await_index(portal)
    assert WORDS in visitor.read(SEARCH).text
    yield visitor
    visitor.close()


def folder_of(portal: Running) -> Path:
    return portal.data_dir / "index"


def largest_file(portal: Running) -> Path:
    """The segment that holds the words."""
    return max(folder_of(portal).glob("index-*/*"), key=lambda path: path.stat().st_size)


def lose_everything(portal: Running) -> None:
    shutil.rmtree(folder_of(portal))


def lose_the_contents(portal: Running) -> None:
    next(folder_of(portal).glob("index-*/*.toc")).unlink()


def cut_in_half(portal: Running) -> None:
    path = largest_file(portal)
    os.truncate(path, path.stat().st_size // 2)


def flip_bytes(portal: Running) -> None:
    path, chance = largest_file(portal), random.Random(7)
    content = bytearray(path.read_bytes())
    for place in chance.sample(range(len(content)), 20):
        content[place] ^= 0xFF
    path.write_bytes(content)


def await_index(portal: Running) -> None:
    """Wait until the index on the disk says what the database says, and no older folder of it is left."""
    context = Context(Settings.from_env(portal.environment))
    deadline = time.monotonic() + PATIENCE
    try:
        while not is_whole(context):
            assert time.monotonic() < deadline, f"the index is {context.index.state()}"
            time.sleep(0.1)
    finally:
        context.database.dispose()


def is_whole(context: Context) -> bool:
    try:
        return context.indexer.compare().is_none and len(list(context.settings.index_dir.glob("index-*"))) == 1
    except IndexUnavailable:
        return False


def await_words(visitor: Visitor) -> None:
    """Wait until searches see the new index: each process follows within moments."""
    deadline = time.monotonic() + PATIENCE
    while NOTE in (text := visitor.read(SEARCH).text) or WORDS not in text:
        assert time.monotonic() < deadline, "searches do not see the new index"
        time.sleep(0.1)


def ask_something(visitor: Visitor) -> None:
    answer = visitor.send("/questions/new", title="Who signs 60-day terms?", once="a key of this form")
    assert answer.status == 303, answer


def test_an_index_that_goes_is_built_anew_while_the_portal_runs(portal: Running, visitor: Visitor) -> None:
    lose_everything(portal)
    assert WORDS in visitor.read(SEARCH).text, "what was read before is still known"
    await_index(portal)
    await_words(visitor)


@pytest.mark.parametrize("damage", [lose_the_contents, cut_in_half])
def test_what_the_next_edit_cannot_read_is_built_anew(
    portal: Running, visitor: Visitor, damage: Callable[[Running], None]
) -> None:
    damage(portal)
    found = visitor.read(SEARCH)
    assert found.status == 200
    assert TITLE in re.sub("</?mark>", "", found.text)
    ask_something(visitor)
    await_index(portal)
    await_words(visitor)


@pytest.mark.parametrize("damage", [lose_everything, lose_the_contents, cut_in_half, flip_bytes])
def test_damage_is_noticed_at_the_next_start_and_searches_say_what_they_lack(
    portal: Running, visitor: Visitor, damage: Callable[[Running], None]
) -> None:
    portal.kill()
    damage(portal)
    visitor.close()
    folder_of(portal).mkdir(exist_ok=True)
    with only_writer(folder_of(portal), PATIENCE):  # somebody else writes, so the worker has to wait
        portal.start()
        found = visitor.read(SEARCH)
        assert found.status == 200
        assert NOTE in found.text
        assert TITLE in found.text
    await_index(portal)
    await_words(visitor)
