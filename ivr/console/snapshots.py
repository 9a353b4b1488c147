"""One answer for many pages that ask the same: made anew where something changed, or where its time is over."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Snapshot(Generic[T]):
    """The newest answer and what it was made for; two hundred wallboards that ask at once make it once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[Hashable, T] | None = None

    def read(self, wanted: Hashable, make: Callable[[], T]) -> T:
        """The answer made for `wanted`; `make` is called by one thread at a time."""
        with self._lock:
            if self._kept is None or self._kept[0] != wanted:
                self._kept = (wanted, make())
            return self._kept[1]
