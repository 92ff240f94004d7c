"""Let readers report what is not right, and let those who keep the words true decide on it in a queue."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("decided_at IS NULL")
UNTOLD = sa.text("decided_at IS NOT NULL AND told_at IS NULL")


UNTOLD_ACT = sa.text("verb = 'delegated' AND told_at IS NULL AND undone_at IS NULL")
VERBS = "verb IN ('verified', 'fixed', 'kept', 'obsolete', 'hidden', 'removed', 'delegated', 'declined')"


def upgrade() -> None:
    """Two tables, and the index by which the recent openings of an item are counted."""
    create_flag()
    create_review_act()
    op.drop_index("ix_item_view_item_id", "item_view")
    op.create_index("ix_item_view_item_id_at", "item_view", ["item_id", "at"])


def create_flag() -> None:
    """One person has one open flag for an item and a reason."""
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=12), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason IN ('outdated', 'wrong', 'sensitive', 'duplicate')", name=op.f("ck_flag_reason")),
        sa.CheckConstraint(
            "decision IN ('fixed', 'kept', 'obsolete', 'hidden', 'removed')", name=op.f("ck_flag_decision")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_flag_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name="fk_flag_reporter_id_person", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["item.id"], name="fk_flag_duplicate_of_id_item", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name="fk_flag_decided_by_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_flag"),
    )
    op.create_index(
        "uq_flag_open", "flag", ["item_id", "reporter_id", "reason"], unique=True, sqlite_where=OPEN,
        postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index("ix_flag_item_id", "flag", ["item_id"])
    op.create_index("ix_flag_reporter_id_at", "flag", ["reporter_id", "at"])
    op.create_index("ix_flag_untold", "flag", ["decided_at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)


def create_review_act() -> None:
    op.create_table(
        "review_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("gap_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(VERBS, name=op.f("ck_review_act_verb")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_review_act_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_review_act_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["gap_id"], ["search_total.id"], name="fk_review_act_gap_id_search_total", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review_act"),
    )
    op.create_index("ix_review_act_person_id_at", "review_act", ["person_id", "at"])
    op.create_index("ix_review_act_item_id", "review_act", ["item_id"])
    op.create_index("ix_review_act_gap_id", "review_act", ["gap_id"])
    op.create_index("ix_review_act_untold", "review_act", ["at"], sqlite_where=UNTOLD_ACT, postgresql_where=UNTOLD_ACT)
