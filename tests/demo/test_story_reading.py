"""Data files that cannot be played are refused, with file and key of every mistake."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.demo.moments import Offset
from portal.demo.reading import FOLDER, read_story
from portal.demo.records import StoryError


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[[str, str, str], list[str]]:
    """Put other words into one data file, and read the mistakes that are found."""
    folder = tmp_path / "data"
    shutil.copytree(FOLDER, folder)

    def spoiled(name: str, old: str, new: str) -> list[str]:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(StoryError) as refused:
            read_story(folder)
        return refused.value.mistakes

    return spoiled


Spoil = Callable[[str, str, str], list[str]]


def test_an_answer_before_its_question_is_named(spoil: Spoil) -> None:
    mistakes = spoil("objections/price.yaml", "at: d-145 10:40", "at: d-155 10:40")
    assert mistakes == ["too-expensive/0: d-155 10:40 comes before d-147 11:20, on which it builds"]


def test_an_unknown_source_is_named(spoil: Spoil) -> None:
    mistakes = spoil("objections/price.yaml", "source: lab-five-point", "source: lab-five-pint")
    assert mistakes == ["too-expensive/0: there is no source “lab-five-pint”"]


def test_a_misspelt_field_is_named_with_its_file(spoil: Spoil) -> None:
    mistakes = spoil("objections/price.yaml", "      ask_back:", "      askback:")
    assert mistakes == ["price.yaml: too-expensive, answers 0: nobody knows a field “askback”"]


def test_too_many_words_to_say_are_counted(spoil: Spoil) -> None:
    mistakes = spoil("questions.yaml", '      say: "', '      say: "' + "word " * 30)
    assert len(mistakes) == 1
    assert "25 are the most" in mistakes[0]


def test_somebody_who_has_left_says_nothing(spoil: Spoil) -> None:
    mistakes = spoil("people.yaml", "left: d-30", "left: d-170")
    assert mistakes
    assert all("sven does not work here at" in mistake for mistake in mistakes)


def test_a_link_to_a_page_that_is_not_there_is_named(spoil: Spoil) -> None:
    mistakes = spoil("playbooks/after-a-loss.md", "playbook:price-without-discount", "playbook:price-discount")
    assert mistakes == ["after-a-loss: there is no page “playbook:price-discount”"]


def test_an_edit_that_fits_nowhere_is_named(spoil: Spoil) -> None:
    mistakes = spoil("playbooks/first-week.md", 'after: "Be in', 'after: "And then be in')
    assert mistakes == ["first-week.md, edits 0: “after” stands 0 times in the page, not once"]


def test_broken_yaml_is_named_with_its_file(spoil: Spoil) -> None:
    assert any(mistake.startswith("tags.yaml: ") for mistake in spoil("tags.yaml", "stages:", "stages: ["))


@pytest.mark.parametrize("text", ["d-0 10:00", "d+3 10:00", "yesterday", "d-3 25:00", "d-3 9:05"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        Offset.read(text)


def test_moments_are_ordered_from_the_past_on() -> None:
    assert Offset.read("d-41 09:10") < Offset.read("d-41 09:11") < Offset.read("d-40 07:00")
    assert str(Offset.read("d-41 09:10")) == "d-41 09:10"
