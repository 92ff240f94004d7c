"""Overview, settings, jobs, mails and the audit log, as admins see them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.core import audit, jobs
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.jobs import Job
from portal.settings import Settings
from portal.shared.people import operations
from portal.shared.people.models import Person
from tests.builders import add_person, drain, post
from tests.plugins.statements import count_statements


def add_job(database: Database, kind: str, key: str, *failures: str) -> int:
    """A job that failed so many times, given up from the eighth on."""
    with database.writing() as session:
        jobs.enqueue(session, kind, key)
        session.commit()
    for failure in failures:
        with database.writing() as session:
            job = session.scalars(select(Job).where(Job.kind == kind, Job.key == key)).one()
            job.attempts += 1
            job.last_error, job.dead = failure, job.attempts >= jobs.MAX_ATTEMPTS
            session.commit()
    with database.reading() as session:
        return session.scalars(select(Job.id).where(Job.kind == kind, Job.key == key)).one()


@pytest.mark.usefixtures("admin")
def test_overview_says_what_needs_somebody(client: FlaskClient, app_database: Database) -> None:
    add_person(app_database, "Leo Tamminen", state="invited")
    add_job(app_database, "mail", "7", *["SMTPException: no"] * 8)
    with count_statements(app_database) as counted:
        page = client.get("/admin").text
    assert len(counted) <= 8
    for piece in ("1 job was given up", "There is no department yet", "1 person was invited", "person added"):
        assert piece in page


@pytest.mark.usefixtures("admin")
def test_settings_are_shown_without_secrets(client: FlaskClient, settings: Settings) -> None:
    page = client.get("/admin/settings").text
    assert "http://localhost" in page
    assert "Europe/Berlin" in page
    assert settings.secret_key not in page


def test_failing_jobs_stand_first_and_are_tried_again(
    client: FlaskClient, app_database: Database, admin: Person
) -> None:
    add_job(app_database, "index", "objection:1")
    add_job(app_database, "mail", "7", "SMTPException: <no> answer")
    dead = add_job(app_database, "mail", "8", *["gone"] * 8)
    with count_statements(app_database) as counted:
        page = client.get("/admin/jobs").text
    assert len(counted) <= 8
    assert page.index("given up") < page.index("failing") < page.index("waiting")
    assert "SMTPException: &lt;no&gt; answer" in page
    assert post(client, f"/admin/jobs/{dead}/retry").location == "/admin/jobs"
    with app_database.reading() as session:
        job = session.get_one(Job, dead)
        assert (job.dead, job.attempts) == (False, 0)
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.act, last.subject, last.actor_id) == ("job tried again", "mail 8", admin.id)
    post(client, "/admin/jobs/999/retry")
    assert "That job is done already" in client.get("/admin/jobs").text


@pytest.mark.usefixtures("admin")
def test_without_jobs_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    drain(app)
    assert "Nothing waits" in client.get("/admin/jobs").text


@pytest.mark.usefixtures("admin")
def test_mails_of_the_folder_are_listed_and_their_links_work(
    app: Flask, client: FlaskClient, app_database: Database
) -> None:
    assert "No mail yet" in client.get("/admin/mails").text
    leo = add_person(app_database, "Leo <Tamminen>", email="leo@example.com", state="invited")
    post(client, f"/admin/people/{leo.id}/invite")
    assert "1 not sent yet" in client.get("/admin/mails").text
    drain(app)
    page = client.get("/admin/mails").text
    assert "Your invitation to Fieldhouse" in page
    assert "leo@example.com" in page
    name = page.partition('href="/admin/mails/')[2].partition('"')[0]
    mail = client.get(f"/admin/mails/{name}").text
    assert "Hello Leo &lt;Tamminen&gt;," in mail
    link = mail.partition('href="http://localhost/invitation/')[2].partition('"')[0]
    assert client.get(f"/invitation/{link}").status_code == 200


@pytest.mark.parametrize("name", ["..%2fsecret_key", "secret_key", "nothing.eml", "..", "%2e%2e%2fportal.db", "a.eml"])
@pytest.mark.usefixtures("admin")
def test_no_other_file_is_ever_shown(client: FlaskClient, settings: Settings, name: str) -> None:
    settings.mail_dir.mkdir(parents=True)
    (settings.data_dir / "secret_key").write_text("s3cret")
    (settings.mail_dir / "a.eml").write_text("Subject: s3cret\n\ns3cret")
    answer = client.get(f"/admin/mails/{name}")
    assert answer.status_code in (404, 308)
    assert "s3cret" not in answer.text


@pytest.mark.usefixtures("admin")
def test_damaged_mail_does_not_break_the_list(client: FlaskClient, settings: Settings) -> None:
    settings.mail_dir.mkdir(parents=True)
    (settings.mail_dir / "20260101-000000-000001.eml").write_bytes(b"\xff\xfe\x00 no mail at all")
    (settings.mail_dir / "20260101-000000-000002.eml").write_bytes(b"Date: never\nSubject: =?utf-8?q?=ff?=\n\n\xff")
    assert client.get("/admin/mails").status_code == 200
    for number in (1, 2):
        assert client.get(f"/admin/mails/20260101-000000-00000{number}.eml").status_code == 200


@pytest.mark.usefixtures("admin")
def test_audit_log_is_paged_and_filtered(client: FlaskClient, app_database: Database) -> None:
    with app_database.writing() as session:
        for number in range(60):
            audit.record(session, None, "team added", f"Team {number:02}")
        session.commit()
    with count_statements(app_database) as counted:
        page = client.get("/admin/audit?act=team+added").text
    assert len(counted) <= 8
    assert "Team 59" in page
    assert "Team 09" not in page
    assert "command line" in page
    assert "1 to 50 of 60" in page
    page = client.get("/admin/audit?act=team+added&page=2").text
    assert "Team 09" in page
    assert "The log ends before this page" in client.get("/admin/audit?page=99").text
    assert "person added" in client.get("/admin/audit?act=nonsense").text


def test_audit_log_cannot_be_changed(app_database: Database, admin: Person) -> None:
    for statement in ("UPDATE audit_entry SET act = 'nothing'", "DELETE FROM audit_entry"):
        with app_database.writing() as session, pytest.raises(DatabaseError, match="append-only"):
            session.connection().exec_driver_sql(statement)
    with app_database.writing() as session:
        operations.sign_out_person(session, admin.id, session.get_one(Person, admin.id))
        session.commit()
