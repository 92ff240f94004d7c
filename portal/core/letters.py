"""The words of mails: plain text templates under `templates/mail`, the first line being the subject."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from portal.core.mail import OutgoingMail, post

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "mail"
_letters = Environment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - plain text, never read as HTML
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_letter(letter: str, **words: str) -> tuple[str, str]:
    """Subject and body of the letter `templates/mail/<letter>.txt`; a word that it needs and does not get raises."""
    subject, _, body = _letters.get_template(f"{letter}.txt").render(**words).partition("\n")
    return subject.strip(), body.strip() + "\n"


def send_letter(session: Session, recipient: str, recipient_name: str, letter: str, **words: str) -> OutgoingMail:
    """Put a letter in the outbox; the worker sends it after the commit. `words` fill the template."""
    subject, body = write_letter(letter, name=recipient_name, **words)
    return post(session, recipient, recipient_name, subject, body)
