"""Remember which answers sections of playbooks were made of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table; sections of before were made of nothing that is known."""
    op.create_table(
        "section_source",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["playbook_section.id"],
            name="fk_section_source_section_id_playbook_section",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_section_source_item_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("section_id", "item_id", name="pk_section_source"),
    )
    op.create_index("ix_section_source_item_id", "section_source", ["item_id"])


def downgrade() -> None:
    """What sections were made of is lost."""
    op.drop_table("section_source")
