"""Let every item say after how many days somebody looks at it again, and find what a person owns or verifies."""

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
    """The interval of each item; indexes for whoever leaves."""
    add_interval()
    for column in ("owner_id", "verifier_id"):
        op.create_index(f"ix_item_{column}", "item", [column])


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
