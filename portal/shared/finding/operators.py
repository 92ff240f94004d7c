"""The operators of search: their names, what each narrows, and how days, shares and orders are written."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.shared.items.models import DUE_DAYS

EPOCH = date(1970, 1, 1)
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Operator:
    """`facet` is the search document's, empty for those that bound or sort; `about` follows the name in a list."""

    facet: str
    about: str


OPERATORS: Mapping[str, Operator] = {
    "type": Operator("kind", "one kind of thing"),
    "tag": Operator("tag", "what bears a tag"),
    "competitor": Operator("competitor", "one competitor"),
    "stage": Operator("stage", "one stage of a deal"),
    "category": Operator("category", "one category of objection"),
    "persona": Operator("persona", "who says it"),
    "by": Operator("author", "who wrote it: by:me, by:@dana"),
    "dept": Operator("dept", "people of a department"),
    "is": Operator("state", "verified, due, stale, unowned …"),
    "worked": Operator("", "how often it worked: worked:>60"),
    "after": Operator("", "changed since a day"),
    "before": Operator("", "changed before a day"),
    "sort": Operator("", "another order"),
}
FACETS: Mapping[str, str] = {
    "kind": "Kind",
    "category": "Category",
    "competitor": "Competitor",
    "stage": "Stage",
    "tag": "Tag",
    "dept": "Department",
    "state": "State",
}
"""The facets that a page of results counts, with their headings."""
NAME_OF: Mapping[str, str] = {operator.facet: name for name, operator in OPERATORS.items() if operator.facet}
"""The operator that filters by a facet."""
SORTS: Mapping[str, str] = {
    "relevance": "Best match first",
    "new": "Newest first",
    "used": "Most used first",
    "worked": "What worked most first",
    "top": "Most useful first",
}

_SHARE = re.compile(r"(>=|<=|>|<|=)?(\d{1,3}(?:\.\d{1,3})?)%?", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)


def read_share(value: str) -> tuple[Bounds, str] | None:
    """`>60` → bounds of the percentage and the words for them; a bare figure means at least so much."""
    match = _SHARE.fullmatch(value.replace(" ", ""))
    if match is None:
        return None
    figure = float(match[2])
    shown = f"{figure:g} %"
    return {
        ">": ((math.nextafter(figure, math.inf), math.inf), f"more than {shown}"),
        "<": ((-math.inf, math.nextafter(figure, -math.inf)), f"less than {shown}"),
        "<=": ((-math.inf, figure), f"at most {shown}"),
        "=": ((figure, figure), f"exactly {shown}"),
    }.get(match[1], ((figure, math.inf), f"at least {shown}"))


def read_day(value: str) -> date | None:
    """`2026-03-31`; a month or a year alone is its first day."""
    match = _DAY.fullmatch(value)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def states_on(day: date) -> Mapping[str, tuple[str, float, float]]:
    """The states that a day makes of the number `verify_by`; what is due soon is still verified."""
    today = day_number(day)
    return {
        "verified": ("verify_by", today, math.inf),
        "due": ("verify_by", today, today + DUE_DAYS),
        "stale": ("verify_by", -math.inf, today - 1),
    }


def day_number(day: date) -> float:
    """Days since 1970, as search documents carry them."""
    return float((day - EPOCH).days)
