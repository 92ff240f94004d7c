"""Playbooks from the files of an export."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal import events
from portal.core import clock
from portal.core.bus import publish
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.features.playbooks.forms import PlaybookInput, check_choices, read_playbook
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import (
    PreparedPlaybook,
    credit_contributors,
    prepare_playbook,
    publish_first,
    revise,
    start_playbook,
)
from portal.features.playbooks.policy import RETIRED
from portal.shared.exchange.forms import Given
from portal.shared.exchange.importing import EDITED, ImportSource, Taken, Ways
from portal.shared.exchange.importing import RETIRED as IS_RETIRED
from portal.shared.exchange.linking import is_same
from portal.shared.exchange.operations import Desk, imported, is_edited_since, settle_facts, show_files
from portal.shared.items.models import Item
from portal.shared.tags.queries import find_tags


@dataclass(frozen=True, slots=True)
class Prepared:
    """The words of a file as if they had been typed, and what else it says of a new playbook."""

    words: PreparedPlaybook
    successor_id: int
    obsolete_reason: str
    contributors: tuple[str, ...]


def prepare(given: Given, ways: Ways) -> Prepared:
    """Hold the words to the limits of what is typed."""
    head = given.head
    fields = Fields.of(
        title=given.title, text=ways.text(given.text, 0), stage=head.line("stage"), tags=", ".join(head.lines("tags"))
    )
    successor, reason = head.line("successor"), head.line("obsolete_reason")
    contributors = tuple(head.lines("contributors"))
    head.check()
    typed = read_playbook(fields)
    check_choices(typed, stages=set(ways.terms["stage"]), audiences=set())
    words = prepare_playbook(typed)
    return Prepared(words, ways.item(successor) if successor else 0, reason[:300], contributors)


def take(session: Session, desk: Desk, item: Item, given: Given, prepared: Prepared) -> Taken:
    """Write a new playbook, or the next words of one that is here."""
    if not isinstance(item, Playbook):
        raise Invalid({"id": "its number is that of something else here"})
    words = prepared.words
    if item.version and _is_same(session, item, words.given):
        return Taken("unchanged")
    if not item.version:
        _write(session, desk, item, given, prepared)
        outcome = Taken("created")
    elif item.status in RETIRED:
        return IS_RETIRED
    elif not desk.force and is_edited_since(session, item, given.facts.changed):
        return EDITED
    else:
        author = desk.author(session, given.facts)
        if item.published_revision_id is None:
            return Taken("skipped", "it is a draft in the portal, where its words are changed")
        revise(session, author, item, words, imported(words.given.content(), given))
        outcome = Taken("updated")
    show_files(session, desk, item, words.rendered.file_ids)
    return outcome


def _write(session: Session, desk: Desk, playbook: Playbook, given: Given, prepared: Prepared) -> None:
    facts, author = given.facts, desk.author(session, given.facts)
    words = replace(prepared.words, given=replace(prepared.words.given, audience=desk.audience(facts)))
    snapshot = imported(words.given.content(), given)
    playbook.author_id, playbook.status = author.person_id, "published"
    with clock.at(facts.changed or clock.now()):
        if facts.status in ("draft", "in_review"):
            playbook.status = facts.status
            start_playbook(session, author, playbook, words, snapshot)
        else:
            publish_first(session, author, playbook, words, snapshot)
    settle_facts(session, desk, playbook, facts)
    numbers = [desk.person(mail, "contributor") for mail in prepared.contributors]
    credit_contributors(session, playbook, [number for number in numbers if number])
    if facts.status in RETIRED:
        playbook.status, playbook.obsolete_reason = facts.status, prepared.obsolete_reason
        playbook.successor_id = prepared.successor_id or None
        session.flush()
        publish(session, events.ItemRetired(playbook.id, playbook.kind, author.person_id))


def _is_same(session: Session, playbook: Playbook, given: PlaybookInput) -> bool:
    tags = {tag.name for tag in find_tags(session, [playbook.id]).get(playbook.id, ())}
    own = (playbook.title, playbook.stage or "", tags)
    return own == (given.title, given.stage, set(given.tags)) and is_same(playbook.source, given.text)


IMPORTED = ImportSource("playbook", Playbook, prepare, take)
