"""What buyers say anywhere leads to the right objection of the demo company: in full, half typed, and mistyped."""

import json
from collections.abc import Callable

import pytest

from tests.demo.conftest import DemoFolder
from tests.demo.phrases import PHRASES, Phrase

FORMS: dict[str, tuple[Callable[[Phrase], str], int]] = {
    "in full": (lambda phrase: phrase.said, 19),
    "at 60 %": (lambda phrase: phrase.begun, 14),
    "with a typo": (lambda phrase: phrase.mistyped, 19),
}
"""How it is typed, and how many of the twenty must find what is meant among the first three rows."""


@pytest.mark.parametrize("form", FORMS)
def test_twenty_phrases_find_what_is_meant(company: DemoFolder, tmp_path, form: str) -> None:
    typed, least = FORMS[form]
    lines = tmp_path / "phrases.txt"
    lines.write_text("".join(f"{typed(one)}\n" for one in PHRASES), "utf-8")
    answer = company.portal("search", "query", "--as", "rep@demo.example", "--file", str(lines), "--limit", "3")
    assert answer.exit_code == 0, answer.output
    found = [json.loads(line)["hits"] for line in answer.stdout.splitlines()]
    assert len(found) == len(PHRASES) == 20
    shown = [{hit["category"].lower().replace(" ", "-") for hit in hits} for hits in found]
    missed = [typed(one) for one, categories in zip(PHRASES, shown, strict=True) if not categories & {*one.about}]
    assert len(PHRASES) - len(missed) >= least, missed


def test_each_phrase_is_typed_wrong_in_one_place() -> None:
    for one in PHRASES:
        assert one.mistyped != one.said
        assert sorted(one.mistyped) == sorted(one.said)
        assert one.said.startswith(one.begun)
