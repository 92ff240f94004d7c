"""A small company with something on every page: made through the real operations, and indexed by the real worker."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import Job
from portal.features.admin.handover_operations import hand_over, undo_handover
from portal.features.admin.handover_queries import list_held, plan_handover
from portal.features.admin.handover_queries import mark_of as plan_mark
from portal.features.objections.forms import Proof
from portal.features.objections.models import Answer, Asked
from portal.features.paths.models import Path
from portal.features.playbooks import shelf_operations as shelf
from portal.features.playbooks.bulk_forms import Seen
from portal.features.playbooks.bulk_operations import change_many
from portal.features.playbooks.bulk_policy import Wanted
from portal.features.playbooks.bulk_queries import list_candidates, mark_of
from portal.features.playbooks.models import Playbook
from portal.settings import Settings
from portal.shared.drafts.forms import DraftInput
from portal.shared.drafts.operations import keep_draft
from portal.shared.finding.kit_operations import save_search
from portal.shared.finding.models import WordGroup
from portal.shared.finding.search_operations import Searched, record_searches
from portal.shared.finding.word_operations import add_words
from portal.shared.finding.wording import Entry
from portal.shared.items.queries import url_of
from portal.shared.people import operations as people
from portal.shared.people.models import Department, Person, Team
from tests import builders

SAY = "What does one stopped filler cost you an hour? Most dairies tell us that figure first, then the price is small."
SECOND_SAY = (
    "The measuring is the cheap part. You pay for a meter that gets washed each night and reads right next morning."
)
INTERNAL = "The floor is four percent, and only Marta may go below."
DRAFT = "priyas-unsaved-text"
LONG_WORD = "Hochdruckreinigungsfestigkeitsnachweisverfahren" * 3
PLAYBOOK = f"""
A first visit is a **walk along the line**, not a talk about {LONG_WORD}.

## Before

- [x] Ask for the *cleaning plan*
- [ ] Bring a meter

| Question | Why | What we say when they ask for {LONG_WORD} |
|---|---|---|
| Who cleans? | They know what breaks | Nothing yet |

## On the line

> Let them talk.

```
flow = 12.5 m3/h  # a line that is a good deal longer than any telephone is wide, and may scroll inside its own box
```

!!! warning
    Never touch a valve.

Look at <https://example.com/{"a" * 120}> and at the note[^1].

[^1]: The note.
"""


@dataclass(frozen=True)
class Company:
    """Who works here, and what they wrote."""

    jonas: Person
    dana: Person
    priya: Person
    ada: Person
    invited: Person
    department: Department
    team: Team
    dear: Asked
    second: Asked
    question: Asked
    answer: Answer
    playbook: Playbook
    path: Path
    waiting: Playbook
    words: WordGroup

    @property
    def dear_url(self) -> str:
        """The objection that begins every story."""
        return url_of("objection", self.dear.id, self.dear.slug)

    @property
    def answer_url(self) -> str:
        """Dana's answer to it."""
        return f"{self.dear_url}/answers/{self.answer.id}"

    @property
    def question_url(self) -> str:
        """A question that nobody has answered."""
        return url_of("question", self.question.id, self.question.slug)

    @property
    def path_url(self) -> str:
        """A path that leads through all of it."""
        return url_of("path", self.path.id, self.path.slug)

    @property
    def playbook_url(self) -> str:
        """Priya's guide, with everything in it that Markdown can say."""
        return url_of("playbook", self.playbook.id, self.playbook.slug)

    @property
    def waiting_url(self) -> str:
        """A page whose next text waits for a review."""
        return url_of("playbook", self.waiting.id, self.waiting.slug)


def found_company(app: Flask) -> Company:
    """Jonas sells and asks, Dana answers, Priya leads, Ada runs the portal, and Mia has not signed in yet."""
    database: Database = app.extensions["fieldhouse"][Database]
    builders.add_vocabularies(database)
    department = builders.add_department(database, "Sales", f"Sells meters and {LONG_WORD}.")
    priya = builders.add_person(database, "Priya Nair", "manager", title="Head of West", department=department)
    team = builders.add_team(database, "West", department, priya)
    jonas = builders.add_person(database, "Jonas Berg", title="Account manager", department=department, team=team)
    dana = builders.add_person(database, "Dana Ruiz", title=LONG_WORD[:110], department=department, team=team)
    ada = builders.add_person(database, "Ada Admin", "admin")
    invited = builders.add_person(database, "Mia Invited", email=f"{LONG_WORD[:60]}@example.com", state="invited")
    dear = builders.ask_objection(
        database, jonas, "You are too expensive for us", category="price", stage="negotiation", tags=("dairy",),
        variants=("way too expensive",), text=f"Said at the dairy, about {LONG_WORD}.",
    )  # fmt: skip
    answer = _answer(database, dana, dear, SAY)
    builders.post_answer(
        database, builders.add_person(database, "Omar Haddad"), dear, "Let us count the stops together."
    )
    second = builders.ask_objection(database, dana, "Too expensive for something that only measures", category="price")
    _answer(database, dana, second, SECOND_SAY)
    builders.vote(database, priya, answer)
    question = builders.ask_objection(database, jonas, f"Who signs {LONG_WORD}?", "question")
    playbook = builders.write_playbook(database, priya, "First visit", PLAYBOOK, tags=("dairy", LONG_WORD[:60]))
    playbook = builders.edit_playbook(database, priya, playbook, PLAYBOOK + "\nOne line more.\n", reason=LONG_WORD)
    path = builders.write_path(
        database, priya, (playbook, dear, question), f"First week {LONG_WORD[:60]}", text=PLAYBOOK, tags=("dairy",)
    )
    waiting = _end_and_begin(database, priya)
    _begin_to_write(database, priya, waiting)
    words = _search_in_vain(database, (jonas, priya))
    _invite(app, database, invited)
    _give_up_a_job(database)
    _act_on_many(database, priya, ada, dana)
    builders.drain(app)
    wrote = (dear, second, question, answer, playbook, path, waiting, words)
    return Company(jonas, dana, priya, ada, invited, department, team, *wrote)


def _answer(database: Database, person: Person, asked: Asked, say: str) -> Answer:
    return builders.post_answer(
        database, person, asked, say, why="They compare list prices.", ask_back="What did the last stop cost?",
        proof=(Proof("Two stops a year avoided", f"Case study Almdal Dairy, {LONG_WORD[:90]}"),),
        push="Offer the trial.", avoid="Never name the rival.", stay_true="99.3 % within 0.15 %.",
        internal=(INTERNAL,), text="More in the *folder*.",
    )  # fmt: skip


def _end_and_begin(database: Database, priya: Person) -> Playbook:
    """A draft, an archived page, one in the bin, and one whose next text is in review; the last one is returned."""
    builders.draft_playbook(database, priya, f"Draft {LONG_WORD[:90]}")
    manager = builders.actor_of(database, priya)
    for title, end in (("Archived", shelf.archive), ("Binned", shelf.put_in_bin)):
        page = builders.write_playbook(database, priya, f"{title} {LONG_WORD[:90]}")
        with database.writing() as session:
            end(session, manager, page.id)
            session.commit()
    waiting = builders.write_playbook(database, priya, "Second meeting", PLAYBOOK)
    builders.draft_edit(database, priya, waiting, PLAYBOOK.replace("talk about", LONG_WORD), reason=LONG_WORD)
    return builders.send_for_review(database, priya, waiting)


def _begin_to_write(database: Database, priya: Person, playbook: Playbook) -> None:
    """Priya wrote on another machine and did not save."""
    typed = {"title": [f"First visit {LONG_WORD}"], "text": [PLAYBOOK], "version": [str(playbook.version - 1)]}
    with database.writing() as session:
        given = DraftInput(DRAFT, "", f"First visit {LONG_WORD[:100]}", playbook.version - 1, typed)
        keep_draft(session, builders.actor_of(database, priya), f"edit-{playbook.id}", given)
        session.commit()


def _act_on_many(database: Database, priya: Person, ada: Person, dana: Person) -> None:
    """Two acts on many items: Priya's playbooks bear one more tag, and were handed over and given back."""
    manager, admin = builders.actor_of(database, priya), builders.actor_of(database, ada)
    with database.writing() as session:
        wanted = Wanted("tag_added", tag=LONG_WORD[:70])
        found = list_candidates(session, manager, session.scalars(select(Playbook.id)).all(), wanted)
        change_many(session, manager, wanted, [Seen(one.playbook.id, mark_of(one)) for one in found])
        held = list_held(session, admin, priya.id)
        receivers = {one.group: dana.id for one in held}
        seen = plan_mark(plan_handover(session, session.get_one(Person, priya.id), held, receivers))
        undo_handover(session, admin, hand_over(session, admin, priya.id, receivers, seen).id)
        session.commit()


def _invite(app: Flask, database: Database, person: Person) -> None:
    settings: Settings = app.extensions["fieldhouse"][Settings]
    with database.writing() as session:
        people.invite_person(session, None, session.get_one(Person, person.id), settings.base_url)
        session.commit()


def _search_in_vain(database: Database, people: Sequence[Person]) -> WordGroup:
    """Two look for what is not there; the last of them, a manager, has it read as something that is."""
    vain = f"rebate on {LONG_WORD}"
    manager = builders.actor_of(database, people[-1])
    with database.writing() as session:
        record_searches(session, [Searched(one.id, vain, clock.now(), 0, "page") for one in people])
        save_search(session, manager, LONG_WORD[:80], "too expensive")
        words = add_words(session, manager, Entry(("rebate", LONG_WORD[:60]), ("price",)))
        session.commit()
    return words


def _give_up_a_job(database: Database) -> None:
    with database.writing() as session:
        gone = Job(kind="mail", key="0", token="-", run_after=clock.now(), attempts=8, dead=True, last_error=LONG_WORD)
        session.add(gone)
        session.commit()
