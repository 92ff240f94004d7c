"""The demo company under test: a short story for many tests, and the whole one, built once."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.main import main
from portal.demo.checks import LINK
from portal.demo.reading import read_story
from portal.demo.story import Story, StoryAsked, StoryPath, StoryPlaybook

KEYS = {"too-expensive", "kestrion-cheaper-since-cut", "filling-line-cannot-stop", "rush-slot-what-ready"}
PAGES = {"price-without-discount", "kestrion-june-comparison", "first-week", "retrofit-without-stop"}


@pytest.fixture(scope="session")
def short_story() -> Story:
    """A part of the story with few votes, played in a second; links to the rest of it are only words."""
    whole = read_story()
    return replace(
        whole,
        asked=[_with_few_votes(one) for one in whole.asked if one.key in KEYS],
        playbooks=[_without_other_links(one) for one in whole.playbooks if one.key in PAGES],
        paths=[_with_other_steps(one) for one in whole.paths],
    )


def _with_few_votes(asked: StoryAsked) -> StoryAsked:
    return replace(asked, answers=tuple(replace(one, useful=min(one.useful, 5)) for one in asked.answers))


def _without_other_links(playbook: StoryPlaybook) -> StoryPlaybook:
    def plain(text: str) -> str:
        return LINK.sub(lambda found: found[0] if found["key"] in KEYS | PAGES else found["words"], text)

    edits = tuple(replace(edit, after=plain(edit.after)) for edit in playbook.edits)
    return replace(playbook, first=plain(playbook.first), edits=edits, useful=min(playbook.useful, 5))


def _with_other_steps(path: StoryPath) -> StoryPath:
    """Only the steps that this part of the story has."""
    return replace(
        path,
        steps=tuple(step for step in path.steps if step[0] in KEYS | PAGES),
        done=tuple(tick for tick in path.done if tick.page in KEYS | PAGES),
    )


@dataclass(frozen=True)
class DemoFolder:
    """A data folder with a demo company in its own SQLite file."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """The settings that name it; nothing says that it is the demo."""
        return {"PORTAL_DATA_DIR": str(self.path), "PORTAL_DATABASE_URL": "", "PORTAL_LOG": "json"}

    def portal(self, *words: str, **more: str) -> Result:
        """Call `portal …` on it."""
        return CliRunner().invoke(main, list(words), env={**self.environment, **more}, prog_name="portal")


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    """The whole company, as `portal demo` builds it; tests that only look share it."""
    folder = DemoFolder(tmp_path_factory.mktemp("company") / "data")
    built = folder.portal("demo")
    assert built.exit_code == 0, built.output
    return folder
