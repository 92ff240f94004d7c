"""Two texts of one item meet: each field shows its differences marked, nothing typed is lost, and it goes on."""

import re

import pytest
from lxml import html

from tests import builders
from tests.features.drafts.conftest import OTHER

# For each form: what stands, what somebody else saves meanwhile, and what was typed.
CASES = {
    "playbook": (
        {"title": "Plan the first visit", "stage": "", "tags": "dairy, line", "text": "Bring a green meter along."},
        {"title": "Plan the second visit", "stage": "negotiation", "tags": "dairy, night",
         "text": "Bring a red meter along."},
    ),
    "objection": (
        {"title": "You are far too expensive", "variants": "way too dear\nnot in the budget", "category": "price",
         "stage": "", "competitor": "", "tags": "dairy, line", "text": "Said at the green dairy."},
        {"title": "You are rather too expensive", "variants": "way too dear\nnot in our plan", "category": "timing",
         "stage": "negotiation", "competitor": "", "tags": "dairy, night", "text": "Said at the red dairy."},
    ),
    "question": (
        {"title": "Who signs the green terms?", "stage": "", "competitor": "", "tags": "a", "text": "For green ones."},
        {"title": "Who signs the red terms?", "stage": "negotiation", "competitor": "", "tags": "b",
         "text": "For red ones."},
    ),
    "answer": (
        {"say": "Count the green stops", "why": "They like green", "ask_back": "Which green stop?",
         "proof": "two green stops | case study", "push": "Offer green", "avoid": "Not green",
         "stay_true": "Green it is", "internal": "green line", "text": "Green words"},
        {"say": "Count the red stops", "why": "They like red", "ask_back": "Which red stop?",
         "proof": "two red stops | case study", "push": "Offer red", "avoid": "Not red", "stay_true": "Red it is",
         "internal": "red line", "text": "Red words"},
    ),
    "path": (
        {"title": "The green week", "tags": "a", "text": "Green words before"},
        {"title": "The red week", "tags": "b", "text": "Red words before"},
    ),
}  # fmt: skip
DIFF = re.compile(r'<ul class="diff" aria-label="What differs in ([^"]+)">(.*?)</ul>', re.DOTALL)


def read_form(page):
    """The fields of the form that edits, by name."""
    forms = [form for form in html.fromstring(page).forms if "version" in form.fields]
    return {
        name: (value or "").removeprefix("\n") for name, value in dict(forms[0].fields).items() if name != "csrf_token"
    }


def steps_of(kind, written, *items):
    return {"step": [str(one.id) for one in items]} if kind == "path" else {}


@pytest.mark.parametrize("kind", CASES)
def test_every_field_shows_both_texts_and_saving_again_goes_on(client, database, written, dana, priya, kind):
    item, form = getattr(written, kind), written.form_of(kind)
    theirs, mine = CASES[kind]
    builders.sign_in(client, priya)
    shared = {"version": "1", "draft": OTHER, "reason": "theirs"}
    saved = builders.post(client, form, {**theirs, **steps_of(kind, written, written.playbook), **shared})
    assert saved.status_code == 303, saved.text
    builders.sign_in(client, dana)
    typed = {**mine, **steps_of(kind, written, written.question), "version": "1", "reason": "mine", "draft": "m" * 22}
    met = builders.post(client, form, typed)
    assert met.status_code == 409
    diffs = dict(DIFF.findall(met.text))
    differing = [name for name in mine if mine[name] != theirs[name]] + (["steps"] if kind == "path" else [])
    assert len(diffs) == len(differing), list(diffs)
    for label, lines in diffs.items():
        assert "<ins>" in lines, label
        assert "<del>" in lines or label in ("Stage",), label
    assert "<details open>" in met.text
    fields = read_form(met.text)
    for name, words in mine.items():
        assert fields[name].strip() == words, name
    assert fields["version"] == "2"
    assert fields["reason"] == "mine"
    again = builders.post(client, form, fields)
    assert again.status_code == 303, again.text
    stands = read_form(client.get(form).text)
    for name in ("title", "say", "text", "why"):
        if name in mine:
            assert stands[name].strip() == mine[name], name
    with database.reading() as session:
        assert session.get_one(type(item), item.id).version == 3


def test_words_alone_are_marked_not_whole_lines(client, database, written, dana, priya):
    builders.sign_in(client, priya)
    form, (theirs, mine) = written.form_of("playbook"), CASES["playbook"]
    builders.post(client, form, {**theirs, "version": "1"})
    page = builders.post(client, form, {**mine, "version": "1"}).text
    assert "Bring a <del>green</del><ins>red</ins> meter along." in page
    assert "dairy, <del>line</del><ins>night</ins>" in page


def test_a_field_may_be_left_empty_and_a_third_text_meets_again(client, database, written, dana, priya):
    builders.sign_in(client, priya)
    form = written.form_of("answer")
    theirs, mine = CASES["answer"]
    builders.post(client, form, {**theirs, "version": "1"})
    emptied = {**mine, "why": "", "internal": "", "version": "1"}
    page = builders.post(client, form, emptied)
    assert page.status_code == 409
    assert "novalidate" in page.text
    builders.post(client, form, {**theirs, "say": "A third text", "version": "2"})
    met = builders.post(client, form, read_form(page.text))
    assert (met.status_code, "A third text" in met.text) == (409, True)
    fields = read_form(met.text)
    assert (fields["version"], fields["why"], fields["say"]) == ("3", "", mine["say"])
    assert builders.post(client, form, fields).status_code == 303
    assert read_form(client.get(form).text)["why"].strip() == ""


def test_what_is_wrong_in_the_merged_text_comes_back_in_the_form(client, written, priya):
    builders.sign_in(client, priya)
    form = written.form_of("playbook")
    theirs, mine = CASES["playbook"]
    builders.post(client, form, {**theirs, "version": "1"})
    fields = read_form(builders.post(client, form, {**mine, "version": "1", "draft": OTHER}).text)
    refused = builders.post(client, form, {**fields, "stage": "nonsense"})
    assert refused.status_code == 422
    assert mine["text"] in refused.text
    again = read_form(refused.text)
    assert (again["version"], again["draft"]) == ("2", OTHER)
