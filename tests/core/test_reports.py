"""Reports of imports: one count a row, words for people, values for programs."""

import json

from portal.core.reports import Entry, Report

ENTRIES = (
    Entry("row 2", "created", notes=("is disabled",)),
    Entry("row 3", "error", "no role", "role"),
    Entry("row 3", "error", "no mail", "mail"),
    Entry("row 4", "unchanged"),
    Entry("a/b.md", "skipped", "it is empty"),
)


def test_row_with_two_wrong_cells_is_one_error() -> None:
    report = Report(ENTRIES)
    assert report.counts == {"created": 1, "updated": 0, "unchanged": 1, "skipped": 1, "error": 1}
    assert report.has_errors
    assert not Report(ENTRIES[:1]).has_errors


def test_words_name_the_place_of_what_needs_a_look() -> None:
    assert list(Report(ENTRIES, is_dry_run=True).lines()) == [
        "row 2: is disabled",
        "row 3, column role: no role",
        "row 3, column mail: no mail",
        "a/b.md: skipped, it is empty",
        "1 created, 0 updated, 1 unchanged, 1 skipped, 1 refused. Nothing was written: this was a dry run.",
    ]


def test_report_is_plain_json() -> None:
    seen = json.loads(json.dumps(Report(ENTRIES).as_json()))
    assert seen["counts"]["error"] == 1
    assert seen["entries"][1] == {
        "where": "row 3",
        "outcome": "error",
        "reason": "no role",
        "column": "role",
        "notes": [],
    }
