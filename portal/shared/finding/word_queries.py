"""Reads of the company's word list."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.shared.finding.models import WordGroup
from portal.shared.finding.wording import Entry, WordList


def list_word_groups(session: Session) -> Sequence[WordGroup]:
    """All entries, the newest first."""
    return session.scalars(select(WordGroup).order_by(WordGroup.changed_at.desc(), WordGroup.id.desc())).all()


def entry_of(group: WordGroup) -> Entry:
    """A row as the word list reads it."""
    return Entry(tuple(group.theirs), tuple(group.ours))


def read_word_list(session: Session) -> WordList:
    """The list, ready to be asked; one statement."""
    return WordList(map(entry_of, list_word_groups(session)))
