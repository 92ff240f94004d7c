"""Who may keep the company's words and look at what is searched in vain."""

from portal.core.access import Actor


def may_curate_search(actor: Actor) -> bool:
    """Managers, and admins, who answer for the portal's words."""
    return actor.is_manager or actor.is_admin
