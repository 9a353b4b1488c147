"""A watchdog that breaks the connection of a transaction past its deadline, even if the server hangs or is gone."""

import threading
from collections.abc import Callable

from ivr.foundation import clock

ROUND_SECONDS = 0.25
STOP_SECONDS = 5.0
_Watched = tuple[float, Callable[[], None]]  # the deadline, and how to break the connection


class DeadlineWatchdog:
    """A thread that ends the transactions of a process at their deadlines; started by the first one.

    Only closing the socket ends every wait, since a stopped server honours no timeout. A transaction that was at its
    COMMIT has an unknown outcome; the repeated webhook finds the committed answer, if there is one.
    """

    def __init__(self) -> None:
        self._watched: dict[int, _Watched] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, name: int, seconds: float, break_off: Callable[[], None]) -> None:
        """Call `break_off` after `seconds`, unless `done` is called before."""
        self._watched[name] = (clock.steady() + seconds, break_off)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
            self._thread.start()

    def done(self, name: int) -> None:
        """Stop watching a transaction that ended in time."""
        self._watched.pop(name, None)

    def close(self) -> None:
        """Stop the thread."""
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
