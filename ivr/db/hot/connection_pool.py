"""A pool of connections that stay checked out between turns, and the transaction of a turn.

Its statements run on the driver; SQLAlchemy's connection is available in the same transaction.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ivr.db.hot.checkpoints import Checkpoints
from ivr.db.hot.deadline_watchdog import DeadlineWatchdog
from ivr.db.hot.prepared import Prepared

QUEUE_SECONDS = 1.0
BUSY_SECONDS = 3.0  # how long a turn's transaction waits for SQLite's write lock; then the turn is retried


class Transaction:
    """A pooled connection with a transaction between `begin` and `commit` or `rollback`.

    The driver's errors are always raised as SQLAlchemy's.
    """

    __slots__ = ("_driver", "_faults", "_is_sqlite", "_joined", "_pooled", "_waits_ms")

    def __init__(self, pooled: Connection) -> None:
        self._pooled = pooled
        self._driver: Any = pooled.connection.driver_connection
        self._faults = pooled.dialect.loaded_dbapi.Error
        self._is_sqlite = pooled.dialect.name == "sqlite"
        self._joined = False
        self._waits_ms = 0

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection in this transaction."""
        if not self._joined:
            self._pooled.begin()
            self._joined = True
        return self._pooled

    @property
    def is_lost(self) -> bool:
        """True once the connection is unusable."""
        return self._pooled.invalidated

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Any:
        """Execute a prepared statement; returns the driver's cursor."""
        return self._do(*statement.bound(self._pooled.dialect, values))

    def _do(self, text: str, *parameters: Any) -> Any:
        try:
            return self._driver.execute(text, *parameters)
        except self._faults as error:
            raise self._wrapped(error, text) from error

    def begin(self, wait_seconds: float, *, writes: bool) -> None:
        """Begin, with SQLite's write lock or a timeout error; psycopg begins by itself at the first statement."""
        self._joined = False
        if self._is_sqlite:
            wait_ms = int(min(wait_seconds, BUSY_SECONDS) * 1000)
            if wait_ms != self._waits_ms:  # executed only when a turn is short of time
                self._do(f"PRAGMA busy_timeout={wait_ms}")
                self._waits_ms = wait_ms
            self._do("BEGIN IMMEDIATE" if writes else "BEGIN")

    def break_off(self) -> None:
        """Close the socket under a waiting statement; called by another thread."""
        with suppress(OSError, self._faults), socket.fromfd(self._driver.fileno(), 0, 0) as server:
            server.shutdown(socket.SHUT_RDWR)

    def commit(self) -> None:
        """Commit, through SQLAlchemy if it has joined."""
        if self._joined:
            self._pooled.commit()
            return
        try:
            self._driver.commit()
        except self._faults as error:
            raise self._wrapped(error, "COMMIT") from error

    def rollback(self) -> None:
        """Roll back; if that fails, the connection is marked as lost."""
        try:
            if self._joined:
                self._pooled.rollback()
            else:
                self._driver.rollback()
        except (DBAPIError, self._faults):
            self._pooled.invalidate()

    def close(self) -> None:
        """Return the connection to its engine's pool."""
        self._pooled.close()

    def _wrapped(self, error: Exception, text: str) -> BaseException:
        lost = self._pooled.dialect.is_disconnect(error, self._driver, None)  # type: ignore[arg-type]
        if lost:
            self._pooled.invalidate(error)
        return DBAPIError.instance(text, None, error, self._faults, hide_parameters=True, connection_invalidated=lost)


class ConnectionPool:
    """The pooled connections of one engine; it grows to the maximum number of concurrent turns."""

    def __init__(
        self,
        engine: Engine,
        writer: "threading.Lock | None",
        checkpoints: Checkpoints | None,
        watchdog: DeadlineWatchdog | None,
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._checkpoints = checkpoints
        self._watchdog = watchdog
        self._idle: list[Transaction] = []

    @contextmanager
    def begin(self, seconds: float, *, writes: bool = True) -> Iterator[Transaction]:
        """One transaction of at most `seconds`: committed at the end, rolled back on any exception.

        On SQLite the threads of a process first queue on their own lock, since SQLite itself waits by sleeping up to
        100 ms at a time. After `QUEUE_SECONDS` a thread falls back to SQLite's waiting. Readers need neither.
        """
        queued = min(QUEUE_SECONDS, seconds / 2)
        held = writes and self._writer is not None and self._writer.acquire(timeout=queued)
        try:
            transaction = self._take()
            try:
                if self._watchdog is not None:
                    self._watchdog.watch(id(transaction), seconds, transaction.break_off)
                transaction.begin(seconds - queued, writes=writes)
                yield transaction
                transaction.commit()
                if writes and self._checkpoints is not None:
                    self._checkpoints.count()
            except BaseException:
                transaction.rollback()
                raise
            finally:
                if self._watchdog is not None:
                    self._watchdog.done(id(transaction))
                self._give_back(transaction)
        finally:
            if held and self._writer is not None:
                self._writer.release()

    def _take(self) -> Transaction:
        try:
            return self._idle.pop()
        except IndexError:
            return Transaction(self._engine.connect())

    def _give_back(self, transaction: Transaction) -> None:
        if not transaction.is_lost:
            self._idle.append(transaction)
            return
        transaction.close()
        self.close()  # the server probably went down, so the other connections are lost too

    def close(self) -> None:
        """Close every idle connection, here and in the engine's pool."""
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()
        self._engine.dispose()
