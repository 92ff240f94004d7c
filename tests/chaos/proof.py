"""The journal against the database: nothing acknowledged is lost, and nothing is there twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.counts import list_best_drifted
from portal.core.jobs import Submission
from portal.features.objections.models import Answer, Asked
from portal.shared.items.models import Item, Revision
from portal.shared.votes.models import Vote
from portal.shared.votes.queries import list_drifted
from tests.chaos.journal import Entry

WORDS = {"ask": "title", "edit": "title", "answer": "say"}


def find_differences(session: Session, entries: Sequence[Entry]) -> list[str]:
    """Everything that is wrong, in words."""
    return [
        *_lost_words(session, [one for one in entries if one.deed in WORDS]),
        *_wrong_votes(session, [one for one in entries if one.deed == "vote"]),
        *_doubled(session),
        *_torn(session),
    ]


def _lost_words(session: Session, entries: Iterable[Entry]) -> Iterator[str]:
    """Each acknowledged text is a revision of that number, word for word, and no two were given the same number."""
    kept = {(one.item_id, one.version): one for one in session.scalars(select(Revision))}
    given = Counter((one.item, one.number) for one in entries)
    for entry in entries:
        revision = kept.get((entry.item, entry.number))
        if revision is None:
            yield f"lost: {entry}"
        elif (revision.content[WORDS[entry.deed]], revision.author_id) != (entry.words, entry.person):
            yield f"other words than {entry}: {revision.content}"
        if given[entry.item, entry.number] > 1:
            yield f"acknowledged twice: version {entry.number} of {entry.item}"


def _wrong_votes(session: Session, entries: Iterable[Entry]) -> Iterator[str]:
    """The last word of each person on each answer stands, no other vote is there, and the numbers are the rows."""
    last = {(one.person, one.item): one.number for one in entries}
    rows = {(row.person_id, row.item_id) for row in session.scalars(select(Vote))}
    for (person, item), number in last.items():
        if ((person, item) in rows) != bool(number):
            yield f"the vote of {person} on {item} should be {'there' if number else 'gone'}"
    yield from (f"a vote that nobody gave: {pair}" for pair in rows - last.keys())
    yield from (f"item {item} shows {shown} votes and has {counted}" for item, shown, counted in list_drifted(session))
    yield from (f"best answer drifted: {one}" for one in list_best_drifted(session))


def _doubled(session: Session) -> Iterator[str]:
    """One thing for each key, and no piece of text twice: each was written once."""
    urls = session.scalars(select(Submission.url)).all()
    made = len(session.scalars(select(Asked.id)).all()) + len(session.scalars(select(Answer.id)).all())
    if not len(urls) == len(set(urls)) == made:
        yield f"{len(urls)} keys lead to {len(set(urls))} places, and {made} things were made"
    words = Counter(_words_of(one) for one in session.scalars(select(Revision)))
    yield from (f"written {number} times: {text}" for text, number in words.items() if number > 1)


def _torn(session: Session) -> Iterator[str]:
    """Every item has all its revisions up to its version, and says what the last one says."""
    versions: dict[int, list[Revision]] = defaultdict(list)
    for one in session.scalars(select(Revision).order_by(Revision.version)):
        versions[one.item_id].append(one)
    for item in session.scalars(select(Item)):
        revisions = versions.pop(item.id, [])
        if [one.version for one in revisions] != list(range(1, item.version + 1)):
            yield f"item {item.id} is at version {item.version} and has {[one.version for one in revisions]}"
        elif (item.title, item.published_revision_id) != (_words_of(revisions[-1]), revisions[-1].id):
            yield f"item {item.id} says “{item.title}”, its last revision “{_words_of(revisions[-1])}”"
    yield from (f"revisions without their item: {item_id}" for item_id in versions)


def _words_of(revision: Revision) -> str:
    return str(revision.content.get("say") or revision.content.get("title"))
