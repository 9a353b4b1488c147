"""Copies SQLite's write-ahead log back into the database beside the turns, so that no caller waits for it."""

import sqlite3
import threading
from contextlib import suppress

TURNS = 1000  # about 4,000 pages: a page that changed often is copied once
STOP_SECONDS = 5.0


class Checkpoints:
    """A thread that checkpoints every so many transactions; started by the first that is due.

    PASSIVE: it never blocks a writer, and gives way to another process that does the same. The log itself begins
    anew when a turn's own checkpoint (`wal_autocheckpoint`) finds that nearly all was copied already.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._count = 0
        self._due = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def count(self) -> None:
        """One more transaction is committed; called by one thread at a time."""
        self._count += 1
        if self._count % TURNS:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._due.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        while True:
            self._due.wait()
            self._due.clear()
            if self._closed:
                break
            with suppress(
                sqlite3.Error
            ):  # a full disk or a lock: the log waits for the next one, and for the turns' own
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        connection.close()
