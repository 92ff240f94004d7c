"""Give all content one parent table, so that votes, tags, files, revisions and search have real foreign keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Keys that point at a table made later: SQLite takes them inside CREATE TABLE, PostgreSQL afterwards.
POINTING_AHEAD = (("fk_item_published_revision_id_revision", "item", "revision", "published_revision_id"),)


def upgrade() -> None:
    """Tables in the order of their foreign keys, then what could not stand before its target did."""
    create_tag()
    create_term()
    create_item()
    create_search_made()
    create_stored_file()
    create_item_audience()
    create_item_file()
    create_item_link()
    create_item_tag()
    create_revision()
    create_vote()
    if op.get_bind().dialect.name == "postgresql":
        for name, table, target, column in POINTING_AHEAD:
            op.create_foreign_key(name, table, target, [column], ["id"], ondelete="SET NULL")


def create_tag() -> None:
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("name", name="uq_tag_name"),
        sa.UniqueConstraint("slug", name="uq_tag_slug"),
    )


def create_term() -> None:
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vocabulary", sa.String(length=10), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint("vocabulary IN ('stage', 'category', 'tag_kind')", name=op.f("ck_term_vocabulary")),
        sa.PrimaryKeyConstraint("id", name="pk_term"),
        sa.UniqueConstraint("vocabulary", "slug", name="uq_term_vocabulary_slug"),
    )


def create_item() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("renderer_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("verifier_id", sa.Integer(), nullable=True),
        sa.Column("verifier_team_id", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verify_by", sa.Date(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_revision_id", sa.Integer(), nullable=True),
        sa.Column("source_ref", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('playbook', 'objection', 'question', 'answer', 'trend', 'report',"
            " 'contact', 'story', 'competitor', 'headsup', 'fact')",
            name=op.f("ck_item_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'published', 'obsolete', 'archived', 'suggested', 'withdrawn')",
            name=op.f("ck_item_status"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_item_author_id_person", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_item_owner_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["published_revision_id"],
            ["revision.id"],
            name="fk_item_published_revision_id_revision",
            ondelete="SET NULL",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["person.id"], name="fk_item_verified_by_id_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["verifier_id"], ["person.id"], name="fk_item_verifier_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["verifier_team_id"], ["team.id"], name="fk_item_verifier_team_id_team", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.UniqueConstraint("kind", "source_ref", name="uq_item_kind_source_ref"),
    )
    op.create_index("ix_item_author_id", "item", ["author_id"])
    op.create_index("ix_item_kind_status_created_at", "item", ["kind", "status", "created_at"])
    op.create_index("ix_item_verify_by", "item", ["verify_by"])


def create_search_made() -> None:
    op.create_table(
        "search_made",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("normal", sa.String(length=200), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("opened", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_search_made_person_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_made"),
    )
    op.create_index("ix_search_made_normal_at", "search_made", ["normal", "at"])
    op.create_index("ix_search_made_person_id", "search_made", ["person_id"])


def create_stored_file() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mimetype", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("uploader_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["person.id"], name="fk_stored_file_uploader_id_person", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file"),
    )
    op.create_index("ix_stored_file_sha256", "stored_file", ["sha256"])
    op.create_index("ix_stored_file_uploader_id", "stored_file", ["uploader_id"])


def create_item_audience() -> None:
    op.create_table(
        "item_audience",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_audience_item_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "audience", name="pk_item_audience"),
    )
    op.create_index("ix_item_audience_audience", "item_audience", ["audience"])


def create_item_file() -> None:
    op.create_table(
        "item_file",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name="fk_item_file_file_id_stored_file", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_file_item_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "file_id", name="pk_item_file"),
    )
    op.create_index("ix_item_file_file_id", "item_file", ["file_id"])


def create_item_link() -> None:
    op.create_table(
        "item_link",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["item.id"], name="fk_item_link_source_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["target_id"], ["item.id"], name="fk_item_link_target_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", "target_id", name="pk_item_link"),
    )
    op.create_index("ix_item_link_target_id", "item_link", ["target_id"])


def create_item_tag() -> None:
    op.create_table(
        "item_tag",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_tag_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_item_tag_tag_id_tag", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "tag_id", name="pk_item_tag"),
    )
    op.create_index("ix_item_tag_tag_id", "item_tag", ["tag_id"])


def create_revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('published', 'draft', 'in_review', 'rejected')", name=op.f("ck_revision_state")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_revision_author_id_person", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_revision_item_id_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("item_id", "version", name="uq_revision_item_id_version"),
    )
    op.create_index("ix_revision_author_id", "revision", ["author_id"])


def create_vote() -> None:
    op.create_table(
        "vote",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_vote_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_vote_person_id_person", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_vote_team_id_team", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("person_id", "item_id", name="pk_vote"),
    )
    op.create_index("ix_vote_item_id", "vote", ["item_id"])
    op.create_index("ix_vote_person_id_at", "vote", ["person_id", "at"])
