"""Four people at work at once: they ask, answer, edit and vote, and note down what the portal acknowledged."""

import random
import re
import threading
from dataclasses import dataclass, field
from secrets import token_urlsafe

from tests.chaos.journal import Entry, Journal
from tests.chaos.visitor import Answer, Lost, Visitor

VERSION = re.compile(r'name="version" value="(\d+)"')
NUMBER = re.compile(r"/questions/(\d+)")
ANSWER = re.compile(r"#answer-(\d+)$")


@dataclass(slots=True)
class Shared:
    """What everybody knows: questions by address, answers with question and author, and the versions last seen."""

    questions: dict[int, str] = field(default_factory=dict)
    answers: dict[int, tuple[int, int]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deed:
    """One act as it is sent, and can be sent again."""

    kind: str
    path: str
    fields: dict[str, str]
    item: int = 0


class Member:
    """One of the crowd, with a browser and an own thread while the portal runs."""

    def __init__(self, visitor: Visitor, person: int, shared: Shared, journal: Journal, chance: random.Random) -> None:
        self.visitor, self.person, self.shared, self.journal, self.chance = visitor, person, shared, journal, chance
        self.uncertain: Deed | None = None
        self.last_created: tuple[Deed, str] | None = None
        self.failure: BaseException | None = None
        self._said = 0
        self._thread = threading.Thread()

    def begin(self) -> None:
        """Work until the portal is gone."""
        self._thread = threading.Thread(target=self._work, name=self.visitor.email, daemon=True)
        self._thread.start()

    def end(self, patience: float) -> None:
        """Wait for the thread; what it failed of is raised here."""
        self._thread.join(patience)
        assert not self._thread.is_alive(), f"{self.visitor.email} hangs"
        if self.failure is not None:
            raise self.failure

    def settle(self) -> None:
        """The portal is back: send again what nobody answered, and once more what was answered, as people do."""
        if self.uncertain is not None:
            self._do(self.uncertain)
        if self.last_created is not None:
            deed, location = self.last_created
            repeated = self.visitor.send(deed.path, **deed.fields)
            assert repeated.location == location, f"{deed} led to {location}, and repeated to {repeated}"

    def _work(self) -> None:
        try:
            while True:
                self._do(self._choose())
        except Lost:
            self.visitor.close()
        except BaseException as error:
            self.failure = error

    def _do(self, deed: Deed) -> None:
        self.uncertain = deed
        answer = self.visitor.send(deed.path, **deed.fields)
        assert answer.status in (303, 409), f"{deed}: {answer}"
        getattr(self, f"_after_{deed.kind}")(deed, answer)
        self.uncertain = None

    def _choose(self) -> Deed:
        """Mostly answers and votes; edits collide on purpose, since everybody picks among the newest."""
        answers = list(self.shared.answers.items())
        others = [item for item, (_, author) in answers if author != self.person]
        kinds = ["ask", "answer", "edit", "edit", "vote", "vote"]
        kind = self.chance.choice(kinds if self.shared.questions and others else ["ask", "answer"])
        if kind == "vote":
            return Deed("vote", f"/items/{self._pick(others)}/vote", {"useful": self.chance.choice(["yes", "no"])})
        question = self._pick(list(self.shared.questions)) if self.shared.questions else 0
        if kind == "answer" and question:
            fields = {"say": self._words("Say"), "internal": "for us", "once": token_urlsafe(16)}
            return Deed("answer", f"{self.shared.questions[question]}/answers", fields, question)
        if kind == "edit":
            item, version = question, self.shared.versions[question]
            fields = {"title": self._words("Better"), "text": "Some **words**.", "version": str(version)}
            return Deed("edit", f"{self.shared.questions[item]}/edit", fields, item)
        return Deed("ask", "/questions/new", {"title": self._words("Who knows"), "once": token_urlsafe(16)})

    def _pick(self, items: list[int]) -> int:
        return self.chance.choice(items[-8:])

    def _words(self, beginning: str) -> str:
        """Words that nobody else writes, so that each piece is recognised."""
        self._said += 1
        return f"{beginning} {self.person} {self._said}"

    def _after_ask(self, deed: Deed, answer: Answer) -> None:
        found = NUMBER.match(answer.location)
        assert found, answer
        self._created(deed, answer, int(found[1]), deed.fields["title"])
        self.shared.versions[int(found[1])] = 1
        self.shared.questions[int(found[1])] = answer.location

    def _after_answer(self, deed: Deed, answer: Answer) -> None:
        found = ANSWER.search(answer.location)
        assert found, answer
        self._created(deed, answer, int(found[1]), deed.fields["say"])
        self.shared.answers[int(found[1])] = (deed.item, self.person)

    def _created(self, deed: Deed, answer: Answer, item: int, words: str) -> None:
        once = deed.fields["once"]
        self.journal.write(Entry(deed.kind, self.person, item, 1, words, once, answer.location))
        self.last_created = (deed, answer.location)

    def _after_edit(self, deed: Deed, answer: Answer) -> None:
        version = int(deed.fields["version"])
        if answer.status == 303:
            self.journal.write(Entry("edit", self.person, deed.item, version + 1, deed.fields["title"]))
            self.shared.versions[deed.item] = max(version + 1, self.shared.versions[deed.item])
        else:
            found = VERSION.search(answer.text)
            assert found, "a conflict names the version that stands"
            self.shared.versions[deed.item] = int(found[1])

    def _after_vote(self, deed: Deed, answer: Answer) -> None:
        item = int(deed.path.split("/")[2])
        self.journal.write(Entry("vote", self.person, item, int(deed.fields["useful"] == "yes")))
