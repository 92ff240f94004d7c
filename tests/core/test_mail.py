"""Mail: kept with the change that asks for it, sent over a real conversation, and never to anybody else."""

import email
import email.policy
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.core import clock, mail
from portal.core.db import Database
from portal.core.jobs import Job, JobKind, Worker
from portal.core.mail import FolderTransport, OutgoingMail, SmtpTransport, compose, post, send
from tests.core.smtp_server import Behaviour, MailServer

NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
SENDER = "fieldhouse@example.com"
BODY = "Hello Dänä,\n\n.a line with a dot, and a link:\nhttps://portal.example.com/reset/canary-link\n"


@pytest.fixture
def behaviour() -> Behaviour:
    """How the mail server behaves."""
    return Behaviour()


@pytest.fixture
def server(behaviour: Behaviour) -> Iterator[MailServer]:
    """A mail server on this machine."""
    with MailServer(behaviour) as running:
        yield running


def transport(server: MailServer, login: str = "") -> SmtpTransport:
    return SmtpTransport(f"smtp://{login}127.0.0.1:{server.port}")


def write(database: Database, subject: str = "Café") -> int:
    with clock.at(NOON), database.writing() as session:
        row = post(session, "dana@example.com", "Dänä, Ruiz", subject, BODY)
        session.commit()
        return row.id


def row(database: Database, mail_id: int) -> OutgoingMail:
    with database.reading() as session:
        return session.get_one(OutgoingMail, mail_id)


def drain(database: Database, way: mail.Transport) -> None:
    Worker(database, {"mail": JobKind(lambda keys: send(database, way, SENDER, keys))}).drain()


def test_a_mail_reaches_the_server_as_it_was_written(database: Database, server: MailServer, behaviour) -> None:
    mail_id = write(database)
    drain(database, transport(server))
    (got,) = behaviour.received
    message = email.message_from_bytes(got.data, policy=email.policy.default)
    assert (got.sender, got.recipients) == (SENDER, ["dana@example.com"])
    assert message["To"] == '"Dänä, Ruiz" <dana@example.com>'
    assert (message["From"], message["Subject"]) == ("Fieldhouse <fieldhouse@example.com>", "Café")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOON
    assert message.get_content().replace("\r\n", "\n") == BODY
    kept = row(database, mail_id)
    assert kept.sent_at is not None
    assert kept.body == ""


def test_a_mail_of_a_unit_that_rolled_back_is_never_sent(database: Database, server: MailServer, behaviour) -> None:
    with database.writing() as session:
        post(session, "dana@example.com", "Dana", "Hello", BODY)
        session.rollback()
    drain(database, transport(server))
    assert behaviour.received == []


def test_a_mail_is_sent_once_however_often_its_job_runs(database: Database, server: MailServer, behaviour) -> None:
    mail_id = write(database)
    for _ in range(3):
        send(database, transport(server), SENDER, [str(mail_id), "999"])
    assert len(behaviour.received) == 1


def test_a_subject_that_quotes_somebody_at_length_is_cut(database: Database) -> None:
    assert row(database, write(database, "x" * 200)).subject == "x" * 200
    assert row(database, write(database, "x" * 300)).subject == "x" * 199 + "…"


def test_a_refused_mail_stays_and_is_tried_again_under_the_same_id(database: Database, server, behaviour) -> None:
    mail_id = write(database)
    first = compose(row(database, mail_id), SENDER)["Message-ID"]
    behaviour.answer_to_data = "451 come back later"
    drain(database, transport(server))
    assert row(database, mail_id).sent_at is None
    assert row(database, mail_id).body == BODY
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert "come back later" in (job.last_error or "")
    behaviour.answer_to_data = "250 kept"
    with clock.at(job.run_after):
        drain(database, transport(server))
    assert f"Message-ID: {first}".encode() in behaviour.received[0].data


def test_a_crash_after_sending_sends_again_rather_than_not_at_all(database, server, behaviour, monkeypatch) -> None:
    mail_id = write(database)
    with monkeypatch.context() as patch:
        patch.setattr(mail, "_note_sent", lambda database, mail_id: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(database, transport(server), SENDER, [str(mail_id)])
    send(database, transport(server), SENDER, [str(mail_id)])
    ids = {email.message_from_bytes(got.data)["Message-ID"] for got in behaviour.received}
    assert len(behaviour.received) == 2
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Dana\r\nBcc: eve@example.com"),
        ("subject", "Hello\nBcc: eve@example.com"),
        ("subject", "Hello\r\n\r\nanother body"),
        ("recipient", "dana@example.com\nBcc: eve@example.com"),
        ("recipient", "dana@example.com, eve@example.com"),
        ("recipient", "dana@example.com>, <eve@example.com"),
        ("recipient", "Eve <eve@example.com>"),
        ("recipient", "nobody"),
    ],
)
def test_no_header_and_no_second_recipient_can_be_slipped_in(field: str, value: str) -> None:
    given = {"recipient": "dana@example.com", "name": "Dana", "subject": "Hello", field: value}
    with pytest.raises(ValueError):
        compose(OutgoingMail(id=1, body=BODY, created_at=NOON, **given), SENDER)


def test_a_name_cannot_pretend_to_be_an_address() -> None:
    forged = OutgoingMail(id=1, recipient="dana@example.com", name='"x" <eve@example.com>', subject="", body="")
    forged.created_at = NOON
    (address,) = compose(forged, SENDER)["To"].addresses
    assert address.addr_spec == "dana@example.com"


def test_a_user_and_a_password_are_used(database: Database, server: MailServer, behaviour: Behaviour) -> None:
    behaviour.password = "p@ss/word"
    write(database)
    drain(database, transport(server, "dana:p%40ss%2Fword@"))
    assert len(behaviour.received) == 1


def test_a_wrong_password_is_an_error_that_does_not_tell_it(database: Database, server, behaviour: Behaviour) -> None:
    behaviour.password = "right"
    mail_id = write(database)
    with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
        send(database, transport(server, "dana:canary-wrong@"), SENDER, [str(mail_id)])
    assert "canary-wrong" not in str(caught.value)


def test_no_password_goes_to_a_server_without_encryption(server: MailServer, behaviour, monkeypatch) -> None:
    monkeypatch.setattr(mail, "LOOPBACK", ())
    behaviour.password = "right"
    with pytest.raises(smtplib.SMTPException, match="no encryption"):
        transport(server, "dana:right@").send(EmailMessage())
    assert "AUTH" not in behaviour.commands
    assert "no encryption" in (transport(server, "dana:right@").problem() or "")


def test_offered_encryption_that_fails_is_no_reason_to_go_on_without(server: MailServer, behaviour) -> None:
    behaviour.extensions = ("STARTTLS",)
    assert "does not answer" in (transport(server).problem() or "")
    assert "MAIL" not in behaviour.commands


def test_a_server_that_answers_is_no_problem_and_one_that_does_not_is(server: MailServer, behaviour) -> None:
    assert transport(server).problem() is None
    behaviour.greeting = "421 not today"
    told = transport(server).problem() or ""
    assert told.startswith(f"the mail server 127.0.0.1:{server.port} does not answer")
    assert "does not answer" in (SmtpTransport("smtps://127.0.0.1:1").problem() or "")


def test_an_address_of_a_server_is_read_with_its_defaults() -> None:
    for url, port in {"smtp://host": 25, "smtps://host": 465, "smtp://host:587": 587}.items():
        assert SmtpTransport(url).port == port


def test_the_folder_keeps_every_mail_even_of_the_same_moment(database: Database, tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "mail")
    assert folder.problem() is None
    for name in ("first", "second"):
        write(database, subject=name)
    with clock.at(NOON):
        drain(database, folder)
    kept = [email.message_from_bytes(path.read_bytes()) for path in sorted((tmp_path / "mail").glob("*.eml"))]
    assert [message["Subject"] for message in kept] == ["first", "second"]
