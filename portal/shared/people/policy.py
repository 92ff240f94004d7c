"""What somebody may do to people and to the places where they belong."""

from portal.core.access import Actor


def may_administer(actor: Actor) -> bool:
    """Invite, move, disable people; name departments and teams; read settings, jobs and the audit log."""
    return actor.is_admin


def may_disable(actor: Actor, person_id: int) -> bool:
    """Admins disable others, never themselves, so that an admin remains."""
    return actor.is_admin and actor.person_id != person_id
