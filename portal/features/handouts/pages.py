"""What the templates of handouts may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from portal.shared.handouts.exporting import FilledLeaf


@dataclass(frozen=True, slots=True)
class HandoutPage:
    """A handout to print or as one file; `style` is its style sheet in a file, and empty on a page, which links one."""

    title: str
    kind_word: str
    address: str
    at: datetime
    by: str
    is_internal: bool
    leaves: Sequence[FilledLeaf]
    base: str
    url: str
    style: Markup
