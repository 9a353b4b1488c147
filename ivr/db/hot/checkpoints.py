"""Checkpoints SQLite's write-ahead log on a background thread, so that no caller waits for it."""

import os
import sqlite3
import threading
from contextlib import suppress

TURNS = 500  # about 2,500 pages: few enough to copy and flush in some tens of milliseconds
STOP_SECONDS = 5.0
READERS_MS = 5  # how long the RESTART checkpoint may wait for readers; turns are blocked meanwhile
_OPEN: dict[str, int] = {}
_OPENING = threading.Lock()


def _descriptor(path: str) -> int:
    """A file descriptor of the database file for fsync; one per path, never closed.

    Closing any descriptor of a file releases all POSIX locks that the process holds on it, including SQLite's.
    """
    with _OPENING:
        if path not in _OPEN:
            _OPEN[path] = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        return _OPEN[path]


class Checkpoints:
    """A thread that checkpoints after every `TURNS` transactions; started when the first one is due.

    Three steps, of which only the last and shortest blocks turns: a PASSIVE checkpoint copies beside the writers;
    fsync flushes the database file, which SQLite would do under its lock; a RESTART checkpoint copies and flushes the
    rest while holding `writer`, the lock that serialises this process's turns. The next turn then restarts the log,
    so that no turn has to checkpoint in its own commit.
    """

    def __init__(self, path: str, writer: threading.Lock) -> None:
        self._path = path
        self._writer = writer
        self._count = 0
        self._due = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def count(self) -> None:
        """Count one committed transaction; called by one thread at a time."""
        self._count += 1
        if self._count % TURNS:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """Stop the thread."""
        self._closed = True
        self._due.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout={READERS_MS}")
        while True:
            self._due.wait()
            self._due.clear()
            if self._closed:
                break
            with suppress(sqlite3.Error, OSError):  # a full disk or a lock: the next checkpoint retries
                self._checkpoint(connection)
        connection.close()

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        os.fsync(_descriptor(self._path))
        with self._writer:
            connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
