"""Let every item say after how many days somebody looks at it again, find what a person owns, and undo bulk acts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("playbook", "objection", "question", "answer", "trend", "report", "contact", "story", "competitor", "headsup",
         "fact", "path")  # fmt: skip
STATUSES = ("draft", "in_review", "published", "obsolete", "archived", "suggested", "withdrawn")
DAYS = 90
"""What every verification of before was made for."""


def upgrade() -> None:
    """The interval of each item; indexes for whoever leaves; and acts on many items that can be undone."""
    add_interval()
    for column in ("owner_id", "verifier_id"):
        op.create_index(f"ix_item_{column}", "item", [column])
    create_bulk_act()
    create_bulk_change()


def add_interval() -> None:
    """A rebuilt table of SQLite loses its checks, so all are written anew there."""
    checks = {"verify_days": "verify_days BETWEEN 7 AND 730"}
    if op.get_bind().dialect.name == "sqlite":
        checks |= {name: f"{name} IN ({', '.join(map(repr, values))})"
                   for name, values in (("kind", KINDS), ("status", STATUSES))}  # fmt: skip
    with op.batch_alter_table("item") as batch:
        batch.add_column(sa.Column("verify_days", sa.Integer(), nullable=False, server_default=str(DAYS)))
    with op.batch_alter_table("item") as batch:
        batch.alter_column("verify_days", existing_type=sa.Integer(), server_default=None)
        for name, words in checks.items():
            batch.create_check_constraint(op.f(f"ck_item_{name}"), words)


def create_bulk_act() -> None:
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("not_undone", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('handover', 'playbooks')", name=op.f("ck_bulk_act_kind")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_bulk_act_actor_id_person", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bulk_act_person_id_person", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name="fk_bulk_act_undone_by_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_act"),
    )
    for column in ("actor_id", "at", "person_id"):
        op.create_index(f"ix_bulk_act_{column}", "bulk_act", [column])


def create_bulk_change() -> None:
    op.create_table(
        "bulk_change",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["bulk_act.id"], name="fk_bulk_change_act_id_bulk_act", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_bulk_change_item_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("act_id", "item_id", name="pk_bulk_change"),
    )
    op.create_index("ix_bulk_change_item_id", "bulk_change", ["item_id"])
