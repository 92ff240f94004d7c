"""Lead people along ordered lists of items, and let them tick off what they have done, for themselves alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("playbook", "objection", "question", "answer", "trend", "report", "contact", "story", "competitor", "headsup",
         "fact", "path")  # fmt: skip
STATUSES = ("draft", "in_review", "published", "obsolete", "archived", "suggested", "withdrawn")


def upgrade() -> None:
    """One more kind of item; steps; and ticks."""
    allow_kind()
    create_path_step()
    create_step_done()


def allow_kind() -> None:
    """A rebuilt table of SQLite loses its checks, so both are written anew there."""
    kinds, statuses = (f"{column} IN ({', '.join(map(repr, values))})"
                       for column, values in (("kind", KINDS), ("status", STATUSES)))  # fmt: skip
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_item_kind"), "item", type_="check")
        op.create_check_constraint(op.f("ck_item_kind"), "item", kinds)
        return
    with op.batch_alter_table("item", recreate="always") as batch:
        batch.create_check_constraint(op.f("ck_item_kind"), kinds)
        batch.create_check_constraint(op.f("ck_item_status"), statuses)


def create_path_step() -> None:
    op.create_table(
        "path_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_path_step_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["path_id"], ["item.id"], name="fk_path_step_path_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_path_step"),
        sa.UniqueConstraint("path_id", "item_id", name="uq_path_step_path_id_item_id"),
    )
    op.create_index("ix_path_step_item_id", "path_step", ["item_id"])


def create_step_done() -> None:
    op.create_table(
        "step_done",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_step_done_person_id_person", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["step_id"], ["path_step.id"], name="fk_step_done_step_id_path_step", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "step_id", name="pk_step_done"),
    )
    op.create_index("ix_step_done_step_id", "step_done", ["step_id"])
