"""Acts of people: departments, teams and vocabularies on the first day, then everybody joins, and one leaves."""

from collections.abc import Iterator
from functools import partial

from portal.core.markdown import render
from portal.demo.moments import Offset
from portal.demo.play import Act, Play
from portal.demo.story import Story, StoryPerson, StoryTeam
from portal.features.competitors.models import Competitor
from portal.shared.items.operations import Snapshot, start_item
from portal.shared.people import operations
from portal.shared.people.forms import PersonInput
from portal.shared.people.models import Person, Team
from portal.shared.people.queries import find_actor
from portal.shared.tags.operations import add_term, find_or_add_tag

OPENING = Offset(-183, 8 * 60)
"""The portal opens, the day before the first question."""


def acts_of(story: Story, password_hash: str) -> Iterator[Act]:
    """Everything that happens to people and to the words of the portal."""
    founded = min(person.joined for person in story.people.values()).later(-1, 8 * 60)
    yield Act(founded, _found)
    for person in story.people.values():
        yield Act(person.joined, partial(_join, person=person, password_hash=password_hash))
        if person.left is not None:
            yield Act(person.left, partial(_leave, person=person))
    for person in story.people.values():
        chief = story.people.get(person.manager)
        if chief is not None and chief.joined > person.joined:
            yield Act(chief.joined, partial(_get_manager, person=person))
    for team in story.teams:
        yield Act(story.people[team.manager].joined, partial(_lead, team=team))
    yield Act(OPENING, _open)


def _found(play: Play) -> None:
    for department in play.story.departments:
        made = operations.add_department(play.session, None, department.name, department.line)
        play.departments[department.slug] = made.id
    for team in play.story.teams:
        made_team = operations.add_team(play.session, None, team.name, play.departments["sales"])
        play.teams[team.slug] = made_team.id


def _join(play: Play, person: StoryPerson, password_hash: str) -> None:
    row = operations.add_person(play.session, None, _input(play, person))
    operations.keep_password(play.session, None, row, password_hash)
    play.people[person.key] = row.id
    actor = find_actor(play.session, row.id)
    if actor is None:
        raise LookupError(f"{person.key} joined and is not there")
    play.actors[person.key] = actor


def _leave(play: Play, person: StoryPerson) -> None:
    operations.disable_person(play.session, None, _row(play, person.key))


def _get_manager(play: Play, person: StoryPerson) -> None:
    operations.change_person(play.session, None, _row(play, person.key), _input(play, person))


def _lead(play: Play, team: StoryTeam) -> None:
    row = play.session.get_one(Team, play.teams[team.slug])
    operations.change_team(
        play.session, None, row, name=row.name, department_id=row.department_id, manager_id=play.people[team.manager]
    )


def _open(play: Play) -> None:
    """The words of the portal, and the competitors: items with name and slug alone, made by whoever runs the portal."""
    for vocabulary, names in play.story.vocabularies.items():
        for name in names:
            add_term(play.session, None, vocabulary, name)
    for tag in play.story.tags:
        find_or_add_tag(play.session, tag.name, tag.kind)
    admin = next(person.key for person in play.story.people.values() if person.role == "admin")
    for slug, name in play.story.competitors.items():
        row = Competitor(author_id=play.people[admin], title=name, slug=slug, status="published")
        start_item(play.session, row, render(""), Snapshot({"title": name}))


def _row(play: Play, key: str) -> Person:
    return play.session.get_one(Person, play.people[key])


def _input(play: Play, person: StoryPerson) -> PersonInput:
    return PersonInput(
        email=person.email,
        name=person.name,
        role=person.role,
        department_id=play.departments[person.department],
        team_id=play.teams.get(person.team),
        manager_id=play.people.get(person.manager),
        title=person.title,
    )
