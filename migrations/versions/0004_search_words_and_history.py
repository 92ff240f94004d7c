"""Let the company keep its own words for the search, see what is searched in vain, and everybody an own kit."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, then what a search has to tell besides: from where it came, and whether it was counted."""
    create_word_list()
    create_own_kit("star", "ix_star_item_id")
    create_own_kit("item_view", "ix_item_view_item_id")
    op.create_index("ix_item_view_person_id_at", "item_view", ["person_id", "at"])
    create_saved_search()
    create_wish()
    create_search_total()
    extend_search_made()


def create_word_list() -> None:
    op.create_table(
        "word_list_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_word_list_edition"),
    )
    op.create_table(
        "word_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("theirs", sa.JSON(), nullable=False),
        sa.Column("ours", sa.JSON(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('same', 'one_way')", name=op.f("ck_word_group_kind")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name="fk_word_group_changed_by_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_word_group"),
    )


def create_own_kit(table: str, index: str) -> None:
    """A row for a person and an item, with its moment."""
    op.create_table(
        table,
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=f"fk_{table}_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "item_id", name=f"pk_{table}"),
    )
    op.create_index(index, table, ["item_id"])


def create_saved_search() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_saved_search_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("person_id", "name", name="uq_saved_search_person_id_name"),
    )


def create_wish() -> None:
    op.create_table(
        "wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("normal", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_wish_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "normal", name="pk_wish"),
    )
    op.create_index("ix_wish_normal", "wish", ["normal"])


def create_search_total() -> None:
    op.create_table(
        "search_total",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("normal", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("searchers", sa.Integer(), nullable=False),
        sa.Column("without_result", sa.Integer(), nullable=False),
        sa.Column("unopened", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("last_found", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["declined_by_id"], ["person.id"], name="fk_search_total_declined_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_search_total_item_id_item", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_search_total"),
        sa.UniqueConstraint("normal", name="uq_search_total_normal"),
    )
    op.create_index("ix_search_total_item_id", "search_total", ["item_id"])


def extend_search_made() -> None:
    """Searches of before came from the page; nobody has counted them yet."""
    with op.batch_alter_table("search_made") as batch:
        batch.add_column(sa.Column("origin", sa.String(length=8), nullable=False, server_default="page"))
        batch.add_column(sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("search_made") as batch:
        batch.alter_column("origin", existing_type=sa.String(length=8), server_default=None)
        batch.alter_column("is_counted", existing_type=sa.Boolean(), server_default=None)
        batch.create_check_constraint(op.f("ck_search_made_origin"), "origin IN ('page', 'suggest')")
        batch.create_index("ix_search_made_is_counted_at", ["is_counted", "at"])
