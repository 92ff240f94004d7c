"""What is typed into the form of any kind of item: its text, and who may read it."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from portal.core.errors import Invalid
from portal.core.markdown import MarkdownRefused, Rendered, render
from portal.shared.people.queries import list_departments, list_teams


def render_typed(text: str) -> Rendered:
    """Render a text; Invalid names the limit that it breaks, and the line where there is one."""
    try:
        return render(text)
    except MarkdownRefused as refused:
        raise Invalid({"text": f"Text: {refused}"}) from None


def audience_choices(session: Session) -> Sequence[tuple[str, str]]:
    """Who may read an item: everybody, a department, a team; (mark, name)."""
    departments = [(f"dep:{one.id}", one.name) for one in list_departments(session)]
    teams = [(f"team:{one.id}", one.name) for one in list_teams(session)]
    return [("all", "Everybody"), *departments, *teams]


def unknown_audience(typed: Iterable[str], choices: set[str]) -> str:
    """The message where a mark is not among the choices, or nothing."""
    unknown = [mark for mark in typed if mark not in choices]
    return f"Who may read it: “{unknown[0]}” is not one of the choices." if unknown else ""
