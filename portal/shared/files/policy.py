"""What somebody may do with files; whether one may see a file is asked by `queries.find_file`."""

from typing import Final

MOST_OF_ONE_PERSON: Final = 500 * 1024 * 1024


def may_keep(used: int, more: int) -> bool:
    """500 MB of uploads for each person."""
    return used + more <= MOST_OF_ONE_PERSON
