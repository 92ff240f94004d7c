"""Plain tables: which listener hears which event, which job runs what, and what is found, shown and taken along."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import events
from portal.core import clock, jobs, limits, sessions
from portal.core.bus import Listener
from portal.core.db import Database
from portal.core.jobs import JobKind
from portal.core.mail import Transport, send
from portal.core.observed import Recorder
from portal.core.schedule import Regular
from portal.features.account import operations as account_operations
from portal.features.competitors import exporting as competitor_exports
from portal.features.competitors import importing as competitor_imports
from portal.features.directory import documents as directory_documents
from portal.features.flagging import telling_operations as flag_telling
from portal.features.objections import card_operations as objection_cards
from portal.features.objections import documents as objection_documents
from portal.features.objections import exchange_exporting as objection_exports
from portal.features.objections import exchange_importing as objection_imports
from portal.features.objections import handout_exporting as objection_handouts
from portal.features.objections import operations as objection_operations
from portal.features.objections import section_exporting as objection_sections
from portal.features.objections import wish_operations as wishes
from portal.features.paths import card_operations as path_cards
from portal.features.paths import documents as path_documents
from portal.features.paths import exchange_exporting as path_exports
from portal.features.paths import exchange_importing as path_imports
from portal.features.paths import exporting as path_handouts
from portal.features.playbooks import card_operations as playbook_cards
from portal.features.playbooks import documents as playbook_documents
from portal.features.playbooks import exchange_exporting as playbook_exports
from portal.features.playbooks import exchange_importing as playbook_imports
from portal.features.playbooks import exporting as playbook_handouts
from portal.features.playbooks import gap_operations as playbook_gaps
from portal.features.playbooks import move_operations as playbook_moves
from portal.features.playbooks import operations as playbook_operations
from portal.features.playbooks import policy as playbook_policy
from portal.features.playbooks import promotion_queries as playbook_promotions
from portal.features.playbooks import shelf_operations as playbook_shelf
from portal.features.playbooks import telling_operations as playbook_telling
from portal.features.review import telling_operations as review_telling
from portal.settings import Settings
from portal.shared.drafts import operations as writing_drafts
from portal.shared.exchange.importing import ImportSource
from portal.shared.exchange.queries import ExportSource
from portal.shared.files import operations as files
from portal.shared.files.store import FileStore
from portal.shared.finding import history_operations as search_history
from portal.shared.finding import operations as finding
from portal.shared.finding import search_operations as searching
from portal.shared.finding import wish_operations
from portal.shared.finding.finder import HitSource
from portal.shared.finding.gap_operations import GapActs
from portal.shared.finding.indexing import DocumentSource, Indexer
from portal.shared.handouts.queries import HandoutSource
from portal.shared.items import bulk_operations as bulk_acts
from portal.shared.items.promoting import Promotions
from portal.shared.review.cards import CardSource

_ANSWER_CHANGED = objection_operations.hear_answer_changed
LISTENERS: Mapping[type, Sequence[Listener]] = {
    events.ObjectionAsked: (finding.index_item,),
    events.ItemPublished: (finding.index_item, finding.index_tags_of_item, playbook_gaps.hear_published),
    events.ItemEdited: (finding.index_item, _ANSWER_CHANGED, wishes.hear_reworded),
    events.ItemMended: (finding.index_item, _ANSWER_CHANGED),
    events.ItemRetired: (finding.index_item, finding.index_tags_of_item, _ANSWER_CHANGED),
    events.ItemRevived: (finding.index_item, finding.index_tags_of_item, _ANSWER_CHANGED),
    events.ItemVerified: (finding.index_item, _ANSWER_CHANGED),
    events.ItemEntrusted: (finding.index_item, objection_operations.hear_answer_found),
    events.VerificationWithdrawn: (finding.index_item, _ANSWER_CHANGED),
    events.FileRead: (finding.index_item, objection_operations.hear_answer_found),
    events.ItemHidden: (finding.index_item, finding.index_tags_of_item, _ANSWER_CHANGED),
    events.ItemRestored: (finding.index_item, finding.index_tags_of_item, _ANSWER_CHANGED),
    events.AnswerPosted: (finding.index_asked, wishes.hear_answered),
    events.AnswerAccepted: (finding.index_asked,),
    events.AnswerUnaccepted: (finding.index_asked,),
    events.VoteTaken: (finding.index_voted, _ANSWER_CHANGED),
    events.VoteWithdrawn: (finding.index_voted, _ANSWER_CHANGED),
    events.PersonChanged: (finding.index_person,),
    events.PresenceChanged: (playbook_operations.hear_presence, objection_operations.hear_presence),
    events.TagChanged: (finding.index_tag,),
}

RECORDERS: Mapping[type, Recorder] = {
    searching.SearchNote: searching.record_searches,
    searching.AskPressed: searching.record_asked,
    searching.Viewed: searching.record_views,
}

DOCUMENTS: Sequence[DocumentSource] = (
    objection_documents.OBJECTIONS,
    objection_documents.QUESTIONS,
    playbook_documents.PLAYBOOKS,
    path_documents.PATHS,
    directory_documents.PEOPLE,
    directory_documents.TAGS,
)

HITS: Sequence[HitSource] = (
    objection_documents.OBJECTION_HITS,
    objection_documents.QUESTION_HITS,
    objection_documents.ANSWER_HITS,
    playbook_documents.PLAYBOOK_HITS,
    path_documents.PATH_HITS,
    directory_documents.PERSON_HITS,
    directory_documents.TAG_HITS,
)

CARDS: Sequence[CardSource] = (
    playbook_cards.CARDS,
    objection_cards.ANSWERS,
    objection_cards.OBJECTIONS,
    objection_cards.QUESTIONS,
    path_cards.CARDS,
)

HANDOUTS: Sequence[HandoutSource] = (
    playbook_handouts.HANDOUTS,
    objection_handouts.OBJECTION_HANDOUTS,
    objection_handouts.QUESTION_HANDOUTS,
    path_handouts.HANDOUTS,
)


EXPORTED: Sequence[ExportSource] = (
    competitor_exports.EXPORTED,
    playbook_exports.EXPORTED,
    objection_exports.OBJECTIONS_EXPORTED,
    objection_exports.QUESTIONS_EXPORTED,
    path_exports.EXPORTED,
)

IMPORTED: Sequence[ImportSource] = (
    competitor_imports.IMPORTED,
    playbook_imports.IMPORTED,
    objection_imports.OBJECTIONS_IMPORTED,
    objection_imports.QUESTIONS_IMPORTED,
    path_imports.IMPORTED,
)
"""In the order in which files are taken: what others speak of comes first."""


PROMOTIONS = Promotions(objection_sections.find_promotable, playbook_promotions.list_places, playbook_policy.may_write)
"""How an answer becomes a section of a playbook."""

GAP_ACTS = GapActs(
    wishes.ask_searched, playbook_gaps.draft_searched, playbook_gaps.list_writers, playbook_policy.may_write
)
"""What a gap can become."""


def _tell_wishers(session: Session, keys: Sequence[str], base_url: str) -> None:
    wishes.tell_wishers(session, keys, base_url)
    playbook_gaps.tell_wishers(session, keys, base_url)


def job_kinds(database: Database, settings: Settings, transport: Transport, indexer: Indexer) -> dict[str, JobKind]:
    """What the worker can do, by kind of job."""
    store = FileStore(settings.files_dir)

    def forget(session: Session, keys: Sequence[str]) -> None:
        limits.forget_before(session, clock.now() - timedelta(days=2))
        sessions.delete_expired(session)
        jobs.forget_submissions(session, clock.now() - timedelta(days=30))
        files.ask_for_texts(session)
        writing_drafts.forget_drafts(session)
        bulk_acts.forget_acts(session)

    def tidy(keys: Sequence[str]) -> None:
        jobs.in_unit(database, forget)(keys)
        files.sweep_store(database, store)  # slow, so outside the unit

    def writes(letters: Callable[[Session, Sequence[str], str], None]) -> JobKind:
        """A job whose letters bear links."""
        return JobKind(jobs.in_unit(database, lambda session, keys: letters(session, keys, settings.base_url)))

    def heal(keys: Sequence[str]) -> None:
        indexer.heal()

    return {
        "index": JobKind(indexer.write, batch=200),
        "rebuild": JobKind(heal),
        "mail": JobKind(lambda keys: send(database, transport, settings.mail_from, keys)),
        "way_in": writes(account_operations.send_way_in),
        "tidy": JobKind(tidy),
        files.JOB: JobKind(lambda keys: files.read_files(database, store, keys)),
        search_history.JOB: JobKind(jobs.in_unit(database, lambda session, _: search_history.settle_searches(session))),
        wish_operations.JOB: writes(_tell_wishers),
        playbook_moves.TOLD: writes(playbook_telling.tell_decided),
        flag_telling.JOB: writes(flag_telling.tell_reporters),
        review_telling.JOB: writes(review_telling.tell_receivers),
        playbook_shelf.EMPTYING: JobKind(jobs.in_unit(database, playbook_shelf.empty_bin)),
    }


SLOW = frozenset({files.JOB})
"""What may take many seconds: done beside the rest, so that nothing waits for it."""


def _next_night(moment: datetime) -> datetime:
    """Three in the morning, UTC, after a moment."""
    tonight = moment.replace(hour=3, minute=0, second=0, microsecond=0)
    return tonight if tonight > moment else tonight + timedelta(days=1)


def _in_five_minutes(moment: datetime) -> datetime:
    return moment + timedelta(minutes=5)


NIGHTLY = ("tidy", search_history.JOB, playbook_shelf.EMPTYING)
SCHEDULE: Mapping[str, Regular] = {
    **{kind: Regular(_next_night) for kind in NIGHTLY},
    **{kind: Regular(_in_five_minutes) for kind in (flag_telling.JOB, review_telling.JOB)},
}
