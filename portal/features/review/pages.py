"""What the templates of the queue may see: where one is in it, and the one card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from portal.core import clock
from portal.core.access import Actor
from portal.shared.finding.pages import search_url
from portal.shared.flags.policy import DECISIONS, Decision, may_see_reporters, may_tend
from portal.shared.flags.queries import FlagFound
from portal.shared.items.diffing import FieldDiff, diff_contents
from portal.shared.items.models import Item
from portal.shared.items.pages import mark_text
from portal.shared.items.policy import may_edit
from portal.shared.items.queries import BASES, url_of
from portal.shared.items.trust_policy import Keepers
from portal.shared.people.pages import PersonLink, link_to
from portal.shared.review.cards import CardSource, CardWords
from portal.shared.review.models import ReviewAct
from portal.shared.review.operations import may_vouch
from portal.shared.review.queries import CardFound, Entry, seen_of
from portal.shared.review.risk import arithmetic
from portal.shared.review.undo_operations import UNDO

DONE = {
    "verified": "Verified",
    "fixed": "Fixed",
    "kept": "Kept",
    "obsolete": "Obsolete",
    "hidden": "Hidden",
    "removed": "In the bin",
    "delegated": "Delegated",
    "declined": "Not for us",
}


@dataclass(frozen=True, slots=True)
class FlagLine:
    """An open flag on a card; `by` is for managers alone; `other` is (address, title), empty where not in view."""

    id: int
    reason: str
    sentence: str
    at: datetime
    by: PersonLink | None
    other: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class NextText:
    """A text that waits to be published: whose, since when, whether a review is asked for, and where it is read."""

    who: PersonLink
    at: datetime
    is_in_review: bool
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of the queue with its acts; an address is '' where the act is not for this person or this kind."""

    key: str
    kind: str
    kind_word: str
    risk: str
    title: str
    url: str
    seen: str = ""
    say: str = ""
    text: str = ""
    mark: str = ""
    mark_text: str = ""
    owner: PersonLink | None = None
    verifier: str = ""
    flags: Sequence[FlagLine] = ()
    words: CardWords | None = None
    changes: Sequence[FieldDiff] = ()
    changed_since: str = ""
    waiting: NextText | None = None
    verify_url: str = ""
    edit_url: str = ""
    obsolete_url: str = ""
    delegate_url: str = ""
    decisions: Sequence[Decision] = ()
    decide_url: str = ""
    answer_url: str = ""
    ask_url: str = ""
    words_url: str = ""
    decline_url: str = ""
    said: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastAct:
    """What was done last, with the way back."""

    id: int
    done: str
    title: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue at one card, or at its end: `minutes` since the first act of the day, `acts` by what was done."""

    desk: str
    title: str
    counts: Sequence[tuple[int, str, str]]
    total: int
    place: int
    card: Card | None
    here: str
    next: str
    next_url: str
    previous_url: str
    first_url: str
    is_end: bool
    minutes: int
    acts: Sequence[tuple[int, str]]
    last: LastAct | None
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def place_of(entries: Sequence[Entry], key: str) -> int:
    """Where a card stands; at the end for `end`, at the beginning for what is not there any more."""
    if key == "end":
        return len(entries)
    return next((at for at, entry in enumerate(entries) if entry.key == key), 0)


def card_of(actor: Actor, entry: Entry, found: CardFound, sources: Mapping[str, CardSource]) -> Card:
    """The card of an item, with what this person may do to it."""
    item, words, source, base = found.item, found.words, sources[found.item.kind], f"/review/items/{entry.id}"
    tends, is_open = may_tend(actor, item), item.status == "published"
    may_verify = tends and may_vouch(actor, item, found.keepers, sources)
    flags, day = [_flag_line(actor, one) for one in found.flags], clock.today()
    return Card(
        key=entry.key, kind="objection" if item.kind == "answer" else item.kind, kind_word=source.word,
        risk=_risk(entry), title=words.title, url=words.url,
        seen=seen_of(item, [flag.id for flag in flags]), say=words.say, text=words.text, words=words,
        mark=item.mark_on(day) if is_open else item.status,
        mark_text=mark_text(item, day) if is_open else item.status.capitalize(),
        owner=link_to(found.keepers.owner or item.author), verifier=_verifier(found.keepers), flags=flags,
        changes=_changes(found, source), changed_since=f"{item.verified_on:%-d %b %Y}" if item.verified_on else "",
        waiting=_next_text(found), edit_url=words.edit_url,
        verify_url=f"{base}/verify" if may_verify or (tends and flags) else "",
        obsolete_url=f"{base}/obsolete" if source.retire and is_open and may_edit(actor, item) else "",
        delegate_url=f"{base}/delegate" if tends and source.verified and is_open else "",
        decisions=_decisions(actor, item, source) if flags else (), decide_url=f"{base}/decide",
        answer_url=f"{words.url}#answer" if entry.is_unanswered else "", at=item.created_at,
    )  # fmt: skip


def gap_card(entry: Entry) -> Card:
    """The card of a search in vain; nobody's name stands on it."""
    people = f"{entry.signals.uses} {'person' if entry.signals.uses == 1 else 'people'}"
    return Card(
        key=entry.key, kind="gap", kind_word="Searched in vain", risk=_risk(entry), title=entry.words,
        url=search_url(entry.words), said=f"{people}, {entry.searches} searches", at=entry.last_at,
        ask_url="/questions/new?" + urlencode({"title": entry.words}),
        words_url="/words?" + urlencode({"theirs": entry.words, "q": entry.words, "kind": "one_way"}),
        decline_url=f"/review/gaps/{entry.id}/decline",
    )  # fmt: skip


def last_of(acts: Sequence[ReviewAct]) -> LastAct | None:
    """The last act, while it can be taken back."""
    last = next((act for act in reversed(acts) if act.undone_at is None), None)
    if last is None or last.at <= clock.now() - UNDO:
        return None
    return LastAct(last.id, DONE[last.verb], last.title)


def minutes_of(acts: Sequence[ReviewAct]) -> int:
    """Whole minutes from the first act of the day to the last one, a begun one counting."""
    return -(-int((acts[-1].at - acts[0].at).total_seconds()) // 60) or 1 if acts else 0


def done_of(acts: Sequence[ReviewAct]) -> list[tuple[int, str]]:
    """How many acts of each sort stand, in the order of the words."""
    verbs = [act.verb for act in acts if act.undone_at is None]
    return [(verbs.count(verb), word.lower()) for verb, word in DONE.items() if verb in verbs]


def _risk(entry: Entry) -> str:
    used = "searching" if entry.kind == "gap" else "asking" if entry.is_unanswered else "opened"
    return arithmetic(entry.signals, used=used, waiting=" waiting" if used != "opened" else "")


def _flag_line(actor: Actor, found: FlagFound) -> FlagLine:
    flag, other = found.flag, ("", "")
    if found.other:
        number, kind, slug, title = found.other
        other = (url_of(kind, number, slug) if kind in BASES else f"/answers/{number}", title)
    return FlagLine(
        flag.id, flag.reason, flag.sentence, flag.at,
        link_to(flag.reporter) if may_see_reporters(actor) else None,
        other if flag.reason == "duplicate" else None,
    )  # fmt: skip


def _verifier(keepers: Keepers) -> str:
    if keepers.verifier is not None:
        return keepers.verifier.shown_name
    return keepers.team.name if keepers.team else ""


def _changes(found: CardFound, source: CardSource) -> Sequence[FieldDiff]:
    if found.published is None or found.verified is None:
        return ()
    return diff_contents(found.verified.content, found.published.content, source.labels)


def _next_text(found: CardFound) -> NextText | None:
    text = found.waiting
    if text is None or found.item.published_revision_id is None:
        return None
    return NextText(link_to(text.author), text.at, text.state == "in_review", f"{found.words.url}/next")


def _decisions(actor: Actor, item: Item, source: CardSource) -> list[Decision]:
    """The buttons beside `v` and `o`, which keep and retire."""
    names = ["fixed", "hidden", *(["removed"] if source.remove else [])]
    return [one for one in DECISIONS if one.name in names and one.who.may(actor, item)]
