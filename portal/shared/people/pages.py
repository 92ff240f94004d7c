"""People as templates see them: a name with its address, the same everywhere."""

from dataclasses import dataclass

from portal.core.ids import address, initials
from portal.shared.people.models import Person


@dataclass(frozen=True, slots=True)
class PersonLink:
    """A person in a line of text or a list; the macro `person` writes the name."""

    id: int
    name: str
    url: str
    initials: str
    title: str = ""
    department: str = ""
    is_erased: bool = False


def link_to(person: Person, department: str = "") -> PersonLink:
    """A row as a link; the department's name is given where the page shows it."""
    return PersonLink(
        id=person.id,
        name=person.shown_name,
        url=url_of_person(person),
        initials=initials(person.shown_name),
        title=person.title,
        department=department,
        is_erased=person.state == "erased",
    )


def url_of_person(person: Person) -> str:
    """`/people/12-dana-ruiz`."""
    return f"/people/{address(person.id, person.slug)}"
