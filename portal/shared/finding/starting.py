"""What stands under the search bar before the first letter: own recent searches, and what one has starred."""

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.finding.kit_queries import list_kept, list_recent, list_saved
from portal.shared.finding.pages import StartGroup, StartRow, search_url

RECENT, SAVED, STARRED = 5, 3, 5


def start_rows(session: Session, actor: Actor) -> tuple[StartGroup, ...]:
    """Short groups of links, the most useful first; none leaves the place under the bar closed.

    Nothing while the screen is shared. Three statements.
    """
    if actor.is_screen_shared:
        return ()
    groups = (
        StartGroup(
            "Searched lately",
            tuple(StartRow(row.words, search_url(row.words)) for row in list_recent(session, actor, RECENT)),
        ),
        StartGroup(
            "Saved searches",
            tuple(StartRow(row.name, search_url(row.query)) for row in list_saved(session, actor)[:SAVED]),
        ),
        StartGroup(
            "Starred",
            tuple(
                StartRow(row.title, row.url, row.kind, row.kind.capitalize())
                for row in list_kept(session, actor, starred=STARRED, opened=0)
            ),
        ),
    )
    return tuple(group for group in groups if group.rows)
