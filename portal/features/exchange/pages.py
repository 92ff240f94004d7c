"""What the template of the export may see."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportPage:
    """How many items of each kind the reader's export holds, as (words, count)."""

    counts: Sequence[tuple[str, int]]
