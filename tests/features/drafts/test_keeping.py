"""Unsaved texts are kept for their writer alone, offered on the form, taken up, settled by saving, and forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.core import clock, jobs
from portal.features.playbooks.models import Playbook
from portal.shared.drafts.forms import MOST_CHARACTERS
from portal.shared.drafts.models import Draft, Editing
from portal.shared.drafts.operations import MOST
from tests import builders
from tests.features.drafts.conftest import KINDS, OTHER, TOKEN, TYPED
from tests.plugins.statements import count_statements


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_offered_on_its_form_and_taken_up(signed_in, written, keep, dana, rows, kind):
    item, form, typed = getattr(written, kind), written.form_of(kind), TYPED[kind]
    assert "unsaved text from" not in signed_in.get(form).text
    assert keep(f"edit-{item.id}", version="1", **typed).status_code == 200
    assert rows(dana)[TOKEN]["version"] == ["1"]
    page = signed_in.get(form).text
    assert "You have unsaved text from" in page
    assert "changed since" not in page
    assert "Typed" not in page
    taken = signed_in.get(f"{form}?draft={TOKEN}").text
    for words in ("Typed", "stands in the form", f'name="took" value="{TOKEN}"', 'data-state="taken"'):
        assert words in taken, words
    assert "Old text" not in taken
    saved = builders.post(signed_in, form, {**typed, "version": "1", "draft": OTHER, "took": TOKEN})
    assert saved.status_code == 303
    assert rows(dana) == {}
    key = f"edit-{item.id} {OTHER}"
    assert f'data-kept-clear="{key}"' in signed_in.get(saved.location).text


@pytest.mark.parametrize("kind", ["playbook", "objection", "question", "path", "template"])
def test_what_is_new_is_offered_too(client, priya, keep, kind):
    builders.sign_in(client, priya)
    base = "/playbooks/templates" if kind == "template" else f"/{kind}s"
    assert keep(f"new-{kind}", title="Typed title", text="Typed text", once="o" * 22).status_code == 200
    assert "You have unsaved text from" in client.get(f"{base}/new").text
    taken = client.get(f"{base}/new?draft={TOKEN}").text
    assert "Typed title" in taken
    assert f'name="once" value="{"o" * 22}"' in taken


def test_an_answer_and_the_steps_of_a_path_are_offered_with_all_that_was_typed(signed_in, written, keep, dana, rows):
    asked, path = written.question, written.path
    page = f"/questions/{asked.id}-{asked.slug}"
    assert keep(f"answer-{asked.id}", say="Typed words", internal="Only for us").status_code == 200
    assert f'href="?draft={TOKEN}#answer"' in signed_in.get(page).text
    assert "Only for us" in signed_in.get(f"{page}?draft={TOKEN}").text
    posted = builders.post(signed_in, f"{page}/answers", {"say": "Typed words", "draft": TOKEN})
    assert posted.status_code == 303
    step = str(written.question.id)
    keep(f"edit-{path.id}", OTHER, title="Typed", version="1", step=[step], **{f"why-{step}": "Typed why"})
    taken = signed_in.get(f"{written.form_of('path')}?draft={OTHER}").text
    assert taken.count('name="step"') == 1
    assert "Typed why" in taken
    assert list(rows(dana)) == [OTHER]


def test_a_template_is_kept_as_well(client, priya, keep):
    builders.sign_in(client, priya)
    keep("template-1", title="Typed title", version="1")
    taken = client.get(f"/playbooks/templates/1?draft={TOKEN}").text
    assert "Typed title" in taken
    form = {"title": "Other", "about": "", "text": "Text", "version": "1", "draft": TOKEN}
    assert builders.post(client, "/playbooks/templates/1", form).status_code == 303
    assert "unsaved text" not in client.get("/playbooks/templates/1").text


def test_a_page_that_changed_meanwhile_says_so_and_both_texts_meet(signed_in, database, written, keep, priya):
    playbook, form = written.playbook, written.form_of("playbook")
    keep(f"edit-{playbook.id}", version="1", **TYPED["playbook"])
    builders.edit_playbook(database, priya, playbook, "Words of Priya")
    assert "the page was changed since" in signed_in.get(form).text
    taken = signed_in.get(f"{form}?draft={TOKEN}").text
    assert 'name="version" value="1"' in taken
    assert "when you save, you see both" in taken
    typed = {**TYPED["playbook"], "version": "1", "draft": OTHER, "took": TOKEN}
    both = builders.post(signed_in, form, typed)
    assert both.status_code == 409
    for words in ("Words of Priya", "Typed text", f'name="draft" value="{OTHER}"', f'name="took" value="{TOKEN}"',
                  f'data-keep="edit-{playbook.id}"', 'data-state="again"'):  # fmt: skip
        assert words in both.text, words


def test_two_windows_keep_their_texts_apart_and_the_newest_stands_first(signed_in, written, keep, dana, rows):
    key, form = f"edit-{written.playbook.id}", written.form_of("playbook")
    keep(key, TOKEN, title="Of the desk")
    keep(key, OTHER, title="Of the phone")
    page = signed_in.get(form).text
    assert page.index(f'data-draft="{OTHER}"') < page.index(f'data-draft="{TOKEN}"')
    keep(key, "v" * 22, title="Of the desk, and more", took=TOKEN)
    assert set(rows(dana)) == {OTHER, "v" * 22}
    for number in range(3):
        keep(key, f"{number}" * 22, title="One more")
    assert "3 more</a>" in signed_in.get(form).text
    for number in range(3):
        builders.post(signed_in, f"/me/drafts/{str(number) * 22}/removal")
    keep(key, OTHER, title="Of the phone, and more", took=OTHER)
    assert rows(dana)[OTHER]["title"] == ["Of the phone, and more"]
    builders.post(signed_in, form, {**TYPED["playbook"], "version": "1", "draft": OTHER})
    assert set(rows(dana)) == {"v" * 22}


def test_what_is_still_on_its_way_brings_nothing_back(signed_in, written, keep, dana, rows):
    form = written.form_of("playbook")
    builders.post(signed_in, form, {**TYPED["playbook"], "version": "1", "draft": TOKEN})
    late = keep(f"edit-{written.playbook.id}", title="Too late")
    assert late.status_code == 409
    assert "saved or thrown away" in late.text
    keep("new-question", OTHER, title="Mine")
    builders.post(signed_in, f"/me/drafts/{OTHER}/removal")
    assert keep("new-question", OTHER, title="Mine").status_code == 409
    assert rows(dana) == {}


def test_a_text_is_its_writers_alone(signed_in, client, written, keep, priya, dana, rows):
    secret = "zirconium"
    key, form = f"edit-{written.playbook.id}", written.form_of("playbook")
    keep(key, title=f"About {secret}", text=secret, version="1")
    builders.sign_in(client, priya)
    seen = [form, f"{form}?draft={TOKEN}", "/me/drafts", "/me/kit", "/", f"/search?q={secret}", "/playbooks",
            form.replace("/edit", ""), form.replace("/edit", "/history")]  # fmt: skip
    for path in seen:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert f"About {secret}" not in answer.text, path
        assert "unsaved text from" not in answer.text, path
    assert client.get(f"/me/drafts/{TOKEN}").status_code == 404
    assert builders.post(client, f"/me/drafts/{TOKEN}/removal").status_code == 303
    assert keep(key, title="Of Priya", text="another", version="1").status_code == 200
    assert rows(dana)[TOKEN]["text"] == [secret]
    assert rows(priya)[TOKEN]["text"] == ["another"]


def test_strangers_readers_and_odd_requests_are_refused(client, written, keep, omar, dana, hide, rows):
    key = f"edit-{written.playbook.id}"
    assert keep(key).status_code == 401
    assert client.get("/me/drafts").location.startswith("/login")
    builders.sign_in(client, omar)
    assert keep(key, title="x").status_code == 403
    for nothing in ("edit-99999", "edit-0", "answer-99999", f"answer-{written.playbook.id}x", "new-story", "nonsense"):
        assert keep(nothing, title="x").status_code == 404, nothing
    assert keep(f"answer-{written.playbook.id}", say="x").status_code == 403
    assert keep("new-question", "", title="x").status_code == 422
    assert keep("new-question", "<script>" * 3, title="x").status_code == 422
    assert keep("new-question", title="x", **{"n" * 61: "y"}).status_code == 422
    large = keep("new-question", text="x" * (MOST_CHARACTERS + 1))
    assert (large.status_code, "at most 700,000 characters" in large.text) == (422, True)
    assert keep("new-question", text="x" * (2 * 1024 * 1024)).status_code == 413
    assert client.post("/forms/new-question/draft", data={"draft": TOKEN}).status_code == 400
    assert client.get("/forms/new-question/draft").status_code == 405
    assert rows(omar) == {}
    builders.sign_in(client, dana)
    hide(written.objection)
    for hidden in (f"edit-{written.objection.id}", f"edit-{written.answer.id}", f"answer-{written.objection.id}"):
        assert keep(hidden, title="x").status_code == 404, hidden


def test_a_version_that_is_none_meets_the_conflict(signed_in, written, keep):
    form = written.form_of("playbook")
    keep(f"edit-{written.playbook.id}", **{**TYPED["playbook"], "version": "many"})
    taken = signed_in.get(f"{form}?draft={TOKEN}")
    assert taken.status_code == 200
    assert builders.post(signed_in, form, {**TYPED["playbook"], "version": "many", "draft": TOKEN}).status_code == 409


def test_own_texts_are_listed_read_and_thrown_away(signed_in, written, keep, dana, hide, rows):
    assert "Nothing waits here" in signed_in.get("/me/drafts").text
    keep(f"edit-{written.playbook.id}", title="Typed title", text="Typed <b>text</b>", version="1")
    keep("new-question", OTHER, title="")
    page = signed_in.get("/me/drafts").text
    for words in ("Typed title", "Without a title", "New question", f"{written.form_of('playbook')}?draft={TOKEN}"):
        assert words in page, words
    hide(written.playbook)
    page = signed_in.get("/me/drafts").text
    assert "Its page is gone" in page
    assert f'href="/me/drafts/{TOKEN}"' in page
    text_page = signed_in.get(f"/me/drafts/{TOKEN}").text
    assert "Typed &lt;b&gt;text&lt;/b&gt;" in text_page
    assert "Take it up" not in text_page
    thrown = builders.post(signed_in, f"/me/drafts/{TOKEN}/removal")
    assert (thrown.status_code, set(rows(dana))) == (303, {OTHER})
    from_form = {"headers": {"Referer": "http://localhost/questions/new?draft=x"}}
    assert builders.post(signed_in, f"/me/drafts/{OTHER}/removal", **from_form).location == "/questions/new"
    assert signed_in.get(f"/me/drafts/{OTHER}").status_code == 404


def test_without_scripts_a_button_keeps_the_text_and_leads_back(signed_in, written):
    form = written.form_of("answer")
    assert f'formaction="/forms/edit-{written.answer.id}/draft"' in signed_in.get(form).text
    kept = builders.post(signed_in, f"/forms/edit-{written.answer.id}/draft", {"say": "Half", "draft": TOKEN})
    assert (kept.status_code, kept.location) == (303, f"/answers/{written.answer.id}/edit")
    back = signed_in.get(kept.location, follow_redirects=True)
    assert back.request.path == form
    assert "You have unsaved text from" in back.text
    by_number = signed_in.get(f"{kept.location}?draft={TOKEN}")
    assert by_number.location == f"{form}?draft={TOKEN}"
    asked = written.question
    kept = builders.post(signed_in, f"/forms/answer-{asked.id}/draft", {"say": "Half", "draft": OTHER})
    assert kept.location == f"/questions/{asked.id}-{asked.slug}#answer"
    again = signed_in.get(f"/questions/{asked.id}-{asked.slug}/answers")
    assert again.location == kept.location


def test_while_the_screen_is_shared_no_text_is_shown(signed_in, written, keep):
    asked = written.question
    keep(f"answer-{asked.id}", say="Secret words", internal="Secret line")
    builders.post(signed_in, "/screen", {"shared": "yes"})
    for path in ("/me/drafts", f"/me/drafts/{TOKEN}", f"/questions/{asked.id}-{asked.slug}?draft={TOKEN}"):
        assert "Secret" not in signed_in.get(path).text, path


def test_so_many_wait_and_no_more(signed_in, keep, dana, rows):
    for number in range(MOST):
        assert keep("new-question", f"{number:022d}", title="x").status_code == 200
    assert keep("new-question", title="x").status_code == 403
    assert keep("new-question", f"{7:022d}", title="changed").status_code == 200
    assert len(rows(dana)) == MOST


def test_the_night_forgets_what_is_old_and_the_person_takes_theirs_along(app, database, signed_in, keep, dana, rows):
    for days, token in ((31, "old-old-old"), (29, "young-young")):
        with clock.at(clock.now() - timedelta(days=days)):
            keep("new-question", token, title="x")
    keep("new-path", title="x")
    builders.post(signed_in, f"/me/drafts/{TOKEN}/removal")
    with database.writing() as session:
        jobs.enqueue(session, "tidy")
        session.commit()
    with clock.at(clock.now() + timedelta(hours=1)):
        builders.drain(app)
    with database.reading() as session:
        assert set(session.scalars(select(Draft.token))) == {"young-young", TOKEN}
    with database.writing() as session:
        jobs.enqueue(session, "tidy")
        session.commit()
    with clock.at(clock.now() + timedelta(days=1, hours=1)):
        builders.drain(app)
    assert set(rows(dana)) == set()
    with database.writing() as session:
        session.execute(text("DELETE FROM person WHERE id = :own"), {"own": dana.id})
        session.commit()
    with database.reading() as session:
        assert session.scalars(select(Draft)).all() == session.scalars(select(Editing)).all() == []


def test_forms_take_few_statements_with_many_texts_and_editors(client, app_database, database, written, keep, priya):
    builders.sign_in(client, priya)
    for number in range(12):
        person = builders.add_person(database, f"Manager {number}", "manager")
        with database.writing() as session:
            for kind in KINDS:
                item = getattr(written, kind)
                now = clock.now()
                session.add(Editing(item_id=item.id, person_id=person.id, since=now, seen_at=now))
            session.commit()
        for kind in KINDS:
            keep(f"edit-{getattr(written, kind).id}", f"{kind}-{number:020d}"[:30], **TYPED[kind], version="1")
    builders.draft_edit(database, priya, database_item(database, written.playbook), f"Waits, see [[{written.path.id}]]")
    forms = [written.form_of(kind) for kind in KINDS]
    taken = [f"{written.form_of(kind)}?draft={f'{kind}-{3:020d}'[:30]}" for kind in KINDS]
    asked = f"/questions/{written.question.id}-{written.question.slug}"
    for path in (*forms, *taken, asked, "/me/drafts", "/playbooks/new", "/paths/new", "/questions/new"):
        client.get(path)
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200, path
        assert len(counted) <= 8, (path, counted.statements)
        assert not counted.writes


def database_item(database, item):
    """The playbook as it stands now."""
    with database.reading() as session:
        return session.get_one(Playbook, item.id)
