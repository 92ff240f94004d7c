"""Let a text be drafted and reviewed while the published one stands, and items retire, be binned, and tell of it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, then what the life of a playbook and the changes of a text have to tell besides."""
    create_item_move()
    create_bin_entry()
    create_draft_file()
    add_with_default("playbook", sa.Column("obsolete_reason", sa.String(length=300), nullable=False, server_default=""))
    add_with_default("revision", sa.Column("is_minor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_revision_state", "revision", ["state"])


def create_item_move() -> None:
    op.create_table(
        "item_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_item_move_actor_id_person", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_move_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name="fk_item_move_revision_id_revision", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_item_move"),
    )
    for column in ("actor_id", "item_id", "revision_id"):
        op.create_index(f"ix_item_move_{column}", "item_move", [column])


def create_bin_entry() -> None:
    op.create_table(
        "bin_entry",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_bin_entry_by_id_person", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_bin_entry_item_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name="pk_bin_entry"),
    )
    op.create_index("ix_bin_entry_at", "bin_entry", ["at"])
    op.create_index("ix_bin_entry_by_id", "bin_entry", ["by_id"])


def create_draft_file() -> None:
    op.create_table(
        "draft_file",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name="fk_draft_file_file_id_stored_file", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_draft_file_item_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "file_id", name="pk_draft_file"),
    )
    op.create_index("ix_draft_file_file_id", "draft_file", ["file_id"])


def add_with_default(table: str, column: sa.Column) -> None:
    """The rows of before get the default, those to come say it themselves."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column.name, existing_type=column.type, server_default=None)
