"""Give the first kinds of content their own columns: what is asked, its answers, playbooks, and competitors."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Keys that point at a table made later: SQLite takes them inside CREATE TABLE, PostgreSQL afterwards.
POINTING_AHEAD = (
    ("fk_asked_best_answer_id_answer", "asked", "answer", "best_answer_id"),
    ("fk_asked_chosen_answer_id_answer", "asked", "answer", "chosen_answer_id"),
)


def upgrade() -> None:
    """Tables in the order of their foreign keys, then what could not stand before its target did."""
    create_asked()
    create_competitor()
    create_playbook()
    create_answer()
    create_contributor()
    create_playbook_section()
    if op.get_bind().dialect.name == "postgresql":
        for name, table, target, column in POINTING_AHEAD:
            op.create_foreign_key(name, table, target, [column], ["id"], ondelete="SET NULL")


def create_asked() -> None:
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=True),
        sa.Column("stage", sa.String(length=60), nullable=True),
        sa.Column("competitor_id", sa.Integer(), nullable=True),
        sa.Column("chosen_answer_id", sa.Integer(), nullable=True),
        sa.Column("best_answer_id", sa.Integer(), nullable=True),
        sa.Column("answer_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["best_answer_id"],
            ["answer.id"],
            name="fk_asked_best_answer_id_answer",
            ondelete="SET NULL",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["chosen_answer_id"],
            ["answer.id"],
            name="fk_asked_chosen_answer_id_answer",
            ondelete="SET NULL",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["competitor_id"], ["item.id"], name="fk_asked_competitor_id_item", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["id"], ["item.id"], name="fk_asked_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_asked"),
    )
    op.create_index("ix_asked_category", "asked", ["category"])
    op.create_index("ix_asked_competitor_id", "asked", ["competitor_id"])


def create_competitor() -> None:
    op.create_table(
        "competitor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["item.id"], name="fk_competitor_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_competitor"),
    )


def create_playbook() -> None:
    op.create_table(
        "playbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["item.id"], name="fk_playbook_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["playbook.id"], name="fk_playbook_successor_id_playbook", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_playbook"),
    )


def create_answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("say", sa.String(length=400), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ask_back", sa.String(length=400), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("push", sa.Text(), nullable=False),
        sa.Column("avoid", sa.Text(), nullable=False),
        sa.Column("stay_true", sa.Text(), nullable=False),
        sa.Column("internal", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asked_id"], ["asked.id"], name="fk_answer_asked_id_asked", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["id"], ["item.id"], name="fk_answer_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_asked_id", "answer", ["asked_id"])


def create_contributor() -> None:
    op.create_table(
        "contributor",
        sa.Column("playbook_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_contributor_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["playbook_id"], ["playbook.id"], name="fk_contributor_playbook_id_playbook", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("playbook_id", "person_id", name="pk_contributor"),
    )
    op.create_index("ix_contributor_person_id", "contributor", ["person_id"])


def create_playbook_section() -> None:
    op.create_table(
        "playbook_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("playbook_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["playbook_id"], ["playbook.id"], name="fk_playbook_section_playbook_id_playbook", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_playbook_section"),
        sa.UniqueConstraint("playbook_id", "anchor", name="uq_playbook_section_playbook_id_anchor"),
    )
    op.create_index("ix_playbook_section_playbook_id", "playbook_section", ["playbook_id"])
