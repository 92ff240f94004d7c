"""Keep what is being written: texts that nobody has saved yet, and who has the form of which item open."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "token", name="pk_draft"),
    )
    op.create_index("ix_draft_person_id_key", "draft", ["person_id", "key"])
    op.create_index("ix_draft_updated_at", "draft", ["updated_at"])
    op.create_table(
        "editing",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_editing_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_editing_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "person_id", name="pk_editing"),
    )
    op.create_index("ix_editing_person_id", "editing", ["person_id"])
