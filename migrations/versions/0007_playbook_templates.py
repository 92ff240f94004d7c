"""Let managers say with what new playbooks begin, and give every portal four beginnings."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SALES_PLAY = """When this is the right page: which buyer, at which moment.

## Know

What must be true before you say anything, and where each figure comes from.

- …

## Say

> The words, as you would say them to the buyer.

## Show

What lies on the table: a drawing, a trial, a reference. Link it with [[.

## Do

1. The next step, with a date
2. Who is told, and by whom

## If they push

| They say | We answer |
|---|---|
|  |  |
"""
DISCOVERY_GUIDE = """Which kind of company and plant this is for, and who sits at the table.

## What you want to know at the end

- [ ] What one stop costs them
- [ ] Who decides, and who can say no
- [ ] What happens if they do nothing

## Questions, in this order

1. "?" Listen for …
2. "?" Listen for …
3. "?" Listen for …

## What the answers mean

| You hear | It often means | Ask then |
|---|---|---|
|  |  |  |

## Not in the first talk

- …
"""
PRICING_TALK = """For which offer, and which size of order.

## Before the talk

What must be known: scope, quantity, the date that matters to them.

## The price in their figures

What it costs them today, what it costs then; each figure with its source.

| | Today | With us |
|---|---|---|
| A year |  |  |

## What may be given, and for what

| They ask | We may give | Only against |
|---|---|---|
|  |  |  |

!!! warning
    What nobody may promise, and who decides beyond it.

## The words

> Say the price, and stop talking.
"""
ONBOARDING_PATH = """For whom this path is, and what they can do at its end.

## First day

- [ ] …

## First week

- [ ] Read [[ and tell a colleague in two minutes what it says
- [ ] Listen to three calls; write down one question each

## First month

- [ ] …

## Whom to ask

| About | Ask |
|---|---|
|  | @ |

## You are through when

- …
"""
FIRST = (
    ("Sales play", "One situation from start to end: what to know, say, show and do.", SALES_PLAY),
    ("Discovery guide", "The questions of a first talk, and what the answers mean.", DISCOVERY_GUIDE),
    ("Pricing talk", "How to say a price, and what may be given for what.", PRICING_TALK),
    ("Onboarding path", "What somebody new reads, does and asks, in order.", ONBOARDING_PATH),
)


def upgrade() -> None:
    """The table, and its first rows, which nobody of the company has written."""
    table = op.create_table(
        "playbook_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name="fk_playbook_template_changed_by_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_playbook_template"),
        sa.UniqueConstraint("title", name="uq_playbook_template_title"),
    )
    now = datetime.now(UTC)
    op.bulk_insert(
        table,
        [
            {"title": title, "about": about, "version": 1, "changed_at": now, "text": text.strip()}
            for title, about, text in FIRST
        ],
    )
