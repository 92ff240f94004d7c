"""A memory with a bound: what was read or worked out once is kept as long as there is room."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Keeps values up to a total size, then forgets them all: that is rare, and what is asked again comes back.

    Threads may share it. Two that ask for the same at once may both make it, which does no harm.
    """

    def __init__(self, limit: int, size_of: Callable[[Value], int]) -> None:
        self._limit = limit
        self._size_of = size_of
        self._values: dict[Key, Value] = {}
        self._size = 0

    def recall(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value kept under a key, made first if there is none."""
        value = self._values.get(key)
        if value is None:
            value = make()
            self._size += self._size_of(value)
            if self._size > self._limit:
                self._values, self._size = {}, self._size_of(value)
            self._values[key] = value
        return value
