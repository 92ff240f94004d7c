"""What must hold between the records of the story, so that it can be played: who knows whom, and what comes first."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from portal.core.ids import slugify
from portal.demo.moments import Offset
from portal.demo.story import Story, StoryAnswer, StoryAsked, StoryPath, StoryPlaybook, Verified
from portal.features.objections.forms import SAY_WORDS, AnswerInput
from portal.shared.people.models import ROLES

LINK = re.compile(
    r"\[(?P<words>[^\[\]]+)\]\((?P<kind>playbook|objection|question):(?P<key>[a-z0-9-]+)(?P<anchor>#[^)\s]+)?\)"
)

FILE = re.compile(r"\]\(file:(?P<name>[a-z0-9-]+\.[a-z]+)\)")


def check(story: Story, person_keys: Sequence[str], mistakes: list[str]) -> None:
    """Append a line for each thing that does not fit; a story that could not be read in full gives more of them."""
    _Checks(story, mistakes).run(person_keys)


class _Checks:
    """One pass over a story."""

    def __init__(self, story: Story, mistakes: list[str]) -> None:
        self.story, self.mistakes = story, mistakes
        self.words = {name: {slugify(one) for one in terms} for name, terms in story.vocabularies.items()}
        self.tags = {tag.name for tag in story.tags}
        self.pages = {f"{one.kind}:{one.key}" for one in story.asked} | {
            f"playbook:{one.key}" for one in story.playbooks
        }

    def run(self, person_keys: Sequence[str]) -> None:
        story = self.story
        items = [one.key for things in (story.asked, story.playbooks, story.paths) for one in things]
        for kind, keys in (("person", person_keys), ("text", items), ("tag", [t.name for t in self.story.tags])):
            for key, count in Counter(keys).items():
                self.need(count == 1, key, f"{count} times a {kind} of this key")
        self.company()
        for asked in self.story.asked:
            self.asked(asked)
        for playbook in self.story.playbooks:
            self.playbook(playbook)
        for path in self.story.paths:
            self.path(path)
        for step in self.story.walk:
            self.known("walk", "person", step.who, self.story.people)

    def need(self, holds: bool, where: str, message: str) -> None:
        if not holds:
            self.mistakes.append(f"{where}: {message}")

    def known(self, where: str, what: str, name: str, choices: Iterable[str]) -> None:
        self.need(name in choices, where, f"there is no {what} “{name}”")

    def company(self) -> None:
        departments, teams = {one.slug for one in self.story.departments}, {one.slug for one in self.story.teams}
        for team in self.story.teams:
            self.known(f"team {team.slug}", "person", team.manager, self.story.people)
        for tag in self.story.tags:
            self.known(f"tag {tag.name}", "kind of tag", tag.kind, self.words["tag_kind"])
        for person in self.story.people.values():
            where = f"person {person.key}"
            self.known(where, "role", person.role, ROLES)
            self.known(where, "department", person.department, departments)
            self.known(where, "team", person.team, {*teams, ""})
            self.known(where, "person", person.manager, {*self.story.people, ""})

    def asked(self, asked: StoryAsked) -> None:
        given = asked.given
        self.act(asked.key, asked.by, asked.at)
        self.known(asked.key, "category", given.category, {*self.words["category"], ""})
        self.known(asked.key, "stage", given.stage, {*self.words["stage"], ""})
        self.known(asked.key, "competitor", given.competitor, {*self.story.competitors, ""})
        self.all_tags(asked.key, given.tags)
        authors = [answer.by for answer in asked.answers]
        self.need(len(set(authors)) == len(authors), asked.key, "somebody answers twice")
        for answer in asked.answers:
            self.answer(answer, asked.at)

    def answer(self, answer: StoryAnswer, asked_at: Offset) -> None:
        self.act(answer.key, answer.by, answer.at, after=asked_at)
        last = answer.at
        self.card(answer.key, answer.first)
        for edit in answer.edits:
            self.act(answer.key, edit.by, edit.at, after=last)
            self.may_edit(answer.key, edit.by, {answer.by})
            self.card(answer.key, edit.after)
            last = edit.at
        self.verified(answer.key, answer.verified, answer.at)

    def card(self, where: str, card: AnswerInput) -> None:
        count = len(card.say.split())
        self.need(count <= SAY_WORDS, where, f"“say” has {count} words, {SAY_WORDS} are the most")
        for proof in card.proof:
            self.known(where, "source", proof.source, self.story.sources)

    def playbook(self, playbook: StoryPlaybook) -> None:
        self.act(playbook.key, playbook.by, playbook.at)
        self.known(playbook.key, "stage", playbook.stage, {*self.words["stage"], ""})
        self.all_tags(playbook.key, playbook.tags)
        last = playbook.at
        for contributor in playbook.contributors:
            self.known(playbook.key, "person", contributor, self.story.people)
            person = self.story.people.get(contributor)
            came_later = person is not None and not person.is_there(playbook.at)
            is_heard = not came_later or contributor in [edit.by for edit in playbook.edits]
            self.need(is_heard, playbook.key, f"{contributor} contributes and neither was there nor edits it later")
        for edit in playbook.edits:
            self.act(playbook.key, edit.by, edit.at, after=last)
            self.may_edit(playbook.key, edit.by, {playbook.by, *playbook.contributors})
            last = edit.at
        self.verified(playbook.key, playbook.verified, playbook.at)
        self.life(playbook, last)
        texts = "\n".join([playbook.first, *(edit.after for edit in playbook.edits)])
        for link in LINK.finditer(texts):
            self.known(playbook.key, "page", f"{link['kind']}:{link['key']}", self.pages)
        for link in FILE.finditer(texts):
            self.known(playbook.key, "file", link["name"], self.story.files)

    def path(self, path: StoryPath) -> None:
        posted = {one.key: one.at for one in self.story.asked} | {one.key: one.at for one in self.story.playbooks}
        self.act(path.key, path.by, path.at)
        self.all_tags(path.key, path.tags)
        for page, _ in path.steps:
            self.known(path.key, "page", page, posted)
            self.need(posted.get(page, path.at) <= path.at, path.key, f"{page} is written later")
        for tick in path.done:
            self.act(path.key, tick.by, tick.at, after=path.at)
            self.known(path.key, "step", tick.page, [page for page, _ in path.steps])

    def life(self, playbook: StoryPlaybook, last: Offset) -> None:
        """What waits comes after what is published; a draft has neither readers nor a past."""
        if playbook.next is not None:
            self.act(playbook.key, playbook.next.by, playbook.next.at, after=last)
            self.may_edit(playbook.key, playbook.next.by, {playbook.by})
        if playbook.obsolete is not None:
            self.verified(playbook.key, Verified(playbook.obsolete.at, playbook.obsolete.by), last)
            self.known(playbook.key, "page", f"playbook:{playbook.obsolete.successor}", self.pages)
        has_past = playbook.edits or playbook.useful or playbook.verified or playbook.next or playbook.obsolete
        self.need(not (playbook.is_draft and has_past), playbook.key, "a draft has edits, votes or a verification")

    def all_tags(self, where: str, names: Iterable[str]) -> None:
        for name in names:
            self.known(where, "tag", name, self.tags)

    def act(self, where: str, by: str, at: Offset, *, after: Offset | None = None) -> None:
        """Somebody who is there does something, after what it builds on."""
        self.known(where, "person", by, self.story.people)
        person = self.story.people.get(by)
        self.need(person is None or person.is_there(at), where, f"{by} does not work here at {at}")
        self.need(after is None or after < at, where, f"{at} comes before {after}, on which it builds")

    def may_edit(self, where: str, by: str, own: set[str]) -> None:
        person = self.story.people.get(by)
        self.need(person is None or by in own or person.role == "manager", where, f"{by} may not edit this")

    def verified(self, where: str, verified: Verified | None, after: Offset) -> None:
        if verified is None:
            return
        self.act(where, verified.by, verified.at, after=after)
        person = self.story.people.get(verified.by)
        self.need(person is None or person.role == "manager", where, f"{verified.by} is no manager")
