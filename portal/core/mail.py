"""Mail: an outbox row in the same transaction, sent later by a job over SMTP, or into a folder in the demo."""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Base, Database
from portal.core.jobs import enqueue

TIMEOUT = 15
SUBJECT = 200
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class OutgoingMail(Base):
    """One mail to send; its words are blanked once it is sent, since they may bear a single-use link."""

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Transport(Protocol):
    """A way to hand over one message; raises where it failed."""

    def send(self, message: EmailMessage) -> None:
        """Deliver the message or raise."""

    def problem(self) -> str | None:
        """What is wrong with this way of sending, in words, or None."""


class SmtpTransport:
    """A real SMTP server: `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.secure = parts.hostname or "localhost", parts.scheme == "smtps"
        self.port = parts.port or (465 if self.secure else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """One conversation a message."""
        with self._connect() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def problem(self) -> str | None:
        """Try to say hello."""
        try:
            with self._connect() as server:
                server.noop()
        except (OSError, smtplib.SMTPException) as error:
            return f"the mail server {self.host}:{self.port} does not answer ({error})"
        return None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.secure:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self.user and self.host not in LOOPBACK:
                raise smtplib.SMTPException("it offers no encryption, so it gets no password")
        except BaseException:
            server.close()
            raise
        return server


class FolderTransport:
    """The demo's post office: each mail becomes an `.eml` file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message beside the others, newest name last; two of the same moment do not meet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stamp, number = clock.now().strftime("%Y%m%d-%H%M%S-%f"), 0
        while True:
            try:
                with (self.folder / f"{stamp}-{number:03}.eml").open("xb") as file:
                    file.write(bytes(message))
                return
            except FileExistsError:
                number += 1

    def problem(self) -> str | None:
        """A folder is always there to be made."""
        return None


def post(session: Session, recipient: str, name: str, subject: str, body: str) -> OutgoingMail:
    """Put a mail in the outbox; the worker sends it after the commit. A subject beyond SUBJECT letters is cut."""
    subject = subject if len(subject) <= SUBJECT else subject[: SUBJECT - 1] + "…"
    mail = OutgoingMail(recipient=recipient, name=name, subject=subject, body=body, created_at=clock.now())
    session.add(mail)
    session.flush()
    enqueue(session, "mail", mail.id)
    return mail


def compose(mail: OutgoingMail, sender: str) -> EmailMessage:
    """The outbox row as a message; line breaks in a header, and more than one recipient, are refused by ValueError.

    A mail that has to be sent again keeps its Message-ID, so that its reader may see it once.
    """
    message = EmailMessage()
    message["From"] = Address("Fieldhouse", addr_spec=sender)
    message["To"] = Address(mail.name, addr_spec=mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}.{mail.created_at:%Y%m%d%H%M%S%f}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def send(database: Database, transport: Transport, sender: str, keys: Sequence[str]) -> None:
    """The job `mail`: send outbox rows by id; one that was sent already is left alone.

    Sending and noting cannot be one transaction: a crash between the two sends a mail a second time, never not at all.
    """
    for key in keys:
        with database.reading() as session:
            mail = session.get(OutgoingMail, int(key))
        if mail is None or mail.sent_at is not None:
            continue
        transport.send(compose(mail, sender))
        database.repeat(lambda mail_id=mail.id: _note_sent(database, mail_id))  # type: ignore[misc]


def _note_sent(database: Database, mail_id: int) -> None:
    with database.writing() as session:
        mail = session.get(OutgoingMail, mail_id)
        if mail is not None:
            mail.sent_at, mail.body = clock.now(), ""
        session.commit()
