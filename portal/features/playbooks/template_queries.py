"""Reads of templates, which everybody may see who may write a playbook."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.features.playbooks.models import PlaybookTemplate

_ALL = select(PlaybookTemplate).order_by(func.lower(PlaybookTemplate.title), PlaybookTemplate.id)


def list_templates(session: Session) -> Sequence[PlaybookTemplate]:
    """All templates by title, with their texts; a company has few."""
    return session.scalars(_ALL).all()


def find_template(session: Session, template_id: int) -> PlaybookTemplate | None:
    """One template, with who changed it last."""
    wanted = select(PlaybookTemplate).where(PlaybookTemplate.id == template_id)
    return session.scalars(wanted.options(joinedload(PlaybookTemplate.changed_by))).first()
