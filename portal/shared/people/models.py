"""Tables of people: persons, departments, teams, roles, memberships, and single-purpose mail links."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base

ROLES = ("rep", "manager", "publisher", "admin")
STATES = ("invited", "active", "disabled", "erased")
PURPOSES = ("invitation", "reset")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Department(Base):
    """A department; old slugs forward to it."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    line: Mapped[str] = mapped_column(String(300), default="")


class DepartmentSlug(Base):
    """A slug that a department bore before."""

    __tablename__ = "department_slug"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))


class Team(Base):
    """A team inside a department, with a manager."""

    __tablename__ = "team"
    __table_args__ = (Index("ix_team_department_id", "department_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="RESTRICT"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL", use_alter=True))


class Person(Base):
    """A person; `password_hash` is argon2id or empty before the invitation is taken."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(_one_of("state", STATES), name="state"),
        Index("ix_person_department_id", "department_id"),
        Index("ix_person_manager_id", "manager_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="RESTRICT"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    timezone: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime]

    department: Mapped[Department | None] = relationship(lazy="raise")

    @property
    def is_active(self) -> bool:
        """May sign in."""
        return self.state == "active"

    @property
    def is_present(self) -> bool:
        """Is in the company: may sign in, or was invited to."""
        return self.state in ("active", "invited")

    @property
    def shown_name(self) -> str:
        """The name as others read it; an erased person is a former colleague."""
        return "former colleague" if self.state == "erased" else self.name


class PersonRole(Base):
    """One role of a person, everywhere or for one department or team."""

    __tablename__ = "person_role"
    __table_args__ = (
        CheckConstraint(_one_of("role", ROLES), name="role"),
        UniqueConstraint("person_id", "role", "department_id", "team_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(10))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))


class Membership(Base):
    """Somebody's time in a team, so that the past stays with the past team; `until` is open for the present one."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_person_id", "person_id"), Index("ix_membership_team_id", "team_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class MailLink(Base):
    """A single-use link of a mail: an invitation (7 days) or a password reset (1 hour); only its hash is kept."""

    __tablename__ = "mail_link"
    __table_args__ = (
        CheckConstraint(_one_of("purpose", PURPOSES), name="purpose"),
        Index("ix_mail_link_person_id", "person_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
