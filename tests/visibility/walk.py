"""Walks every page as somebody, and tells which words stand there that this person must not see."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

from flask.testing import FlaskClient
from pypdf import PdfReader

from tests import builders
from tests.visibility.addresses import posts_of, visits_of
from tests.visibility.world import Sight, World, sight_of

SLOW = {"handouts.pdf"}
"""A page that costs a process of its own: walked for paths alone, which hold whatever else there is."""
BINS = {"playbook_desk.binned"}
"""What names things that are out of view, to those who may bring them back."""
OWN_SEARCHES = {"kit.kit", "gaps.index", "monday.monday"}
START = "/search/suggest?q="
"""What says again which words were typed, by oneself or by several; they were typed in small letters."""


@dataclass
class Walked:
    """What was wrong on the way, a line each, and which of the words that this person may read stood somewhere."""

    wrong: list[str]
    met: set[str]


def walk(client: FlaskClient, world: World, who: str, item_ids: Sequence[int], *, only: Sequence[str] = ()) -> Walked:
    """Open every page as somebody, or as a stranger where `who` is empty; `only` are the pages of these names."""
    sight = sight_of(world, who) if who else Sight()
    hidden = sight.hidden_words(world, who)
    seen, walked = set(world.items.values()) - hidden, Walked([], set())
    if who:
        builders.sign_in(client, world.people[who])
    for visit in visits_of(world, item_ids, sight, world.newest_of(hidden)):
        is_slow = visit.endpoint in SLOW and visit.item_id in sight.items - sight.paths
        if is_slow or (only and visit.endpoint not in only):
            continue
        with client.get(visit.path) as answer:
            text = f"{answer.headers}\n{_text(answer.mimetype, answer.data)}"
        told = f"{who or 'a stranger'} at {visit.path} ({answer.status_code})"
        if who and visit.item_id and visit.item_id not in sight.items and answer.status_code not in (403, 404):
            walked.wrong.append(f"{told}: is there, and not for them")
        allowed = {world.items[one] for one in sight.binned} if visit.endpoint in BINS else set()
        says_again = visit.endpoint in OWN_SEARCHES or visit.path == START
        typed = " ".join(hidden) if says_again else unquote(visit.path)
        walked.wrong += [f"{told}: {word}" for word in leaks(hidden - allowed, typed, text)]
        walked.met |= {word for word in seen - walked.met if word in text}
    return walked


def press(client: FlaskClient, world: World, who: str, item_ids: Sequence[int]) -> list[str]:
    """Try every act on what somebody may not see; returns those that were not refused, a line each."""
    sight, wrong = sight_of(world, who), list[str]()
    builders.sign_in(client, world.people[who])
    hidden = sight.hidden_words(world, who)
    for visit in posts_of(world, item_ids, sight):
        if visit.item_id and visit.item_id not in sight.items | sight.binned:
            answer = builders.post(client, visit.path)
            if answer.status_code not in (403, 404) or any(leaks(hidden, visit.path, answer.text)):
                wrong.append(f"{who} did {visit.path} ({answer.status_code})")
    return wrong


def leaks(hidden: Iterable[str], typed: str, text: str) -> Iterator[str]:
    """The words among these that an answer tells: one that was typed, in small letters, may be said again so."""
    typed, small = typed.lower(), text.lower()
    for word in hidden:
        if word in text if word.lower() in typed else word[:-1].lower() in small:
            yield word


def _text(mimetype: str, data: bytes) -> str:
    if mimetype == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    if mimetype == "application/zip":
        with ZipFile(BytesIO(data)) as packed:
            return "\n".join(f"{name}\n{packed.read(name).decode('utf-8', 'replace')}" for name in packed.namelist())
    return data.decode("utf-8", "replace")
