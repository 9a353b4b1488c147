"""Break the connection of a transaction that passed its deadline, whatever its server does: it may hang, or be gone."""

import threading
from collections.abc import Callable

from ivr.foundation import clock

ROUND_SECONDS = 0.25
STOP_SECONDS = 5.0
_Watched = tuple[float, Callable[[], None]]  # when the time is up, and how the connection is broken


class DeadlineWatchdog:
    """A thread that ends the transactions of a process at their deadline; started by the first.

    Only breaking the socket ends every wait: a server that is stopped obeys no timeout of its own. What was at its
    COMMIT then is as after a lost answer: the same webhook again finds what was kept.
    """

    def __init__(self) -> None:
        self._watched: dict[int, _Watched] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, name: int, seconds: float, break_off: Callable[[], None]) -> None:
        """Break off when so many seconds are over, unless it is `done` by then."""
        self._watched[name] = (clock.steady() + seconds, break_off)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
            self._thread.start()

    def done(self, name: int) -> None:
        """It ended in time."""
        self._watched.pop(name, None)

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stop.wait(ROUND_SECONDS):
            now = clock.steady()
            for name, watched in list(self._watched.items()):
                if watched[0] < now and self._watched.get(name) is watched:
                    del self._watched[name]
                    watched[1]()
