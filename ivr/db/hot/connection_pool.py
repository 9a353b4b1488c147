"""A pool of connections that stay checked out between turns, and a turn's transaction on one of them.

Its statements go to the driver; whoever needs SQLAlchemy gets its connection, in the same transaction.
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
BUSY_SECONDS = 3.0  # how long one transaction of a turn waits for SQLite's writer; whoever asks takes it again


class Transaction:
    """A pooled connection, in a transaction between `begin` and `commit` or `rollback`.

    Errors of the driver are raised as SQLAlchemy's, whichever way a statement goes.
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
        """SQLAlchemy's connection, in this transaction."""
        if not self._joined:
            self._pooled.begin()
            self._joined = True
        return self._pooled

    @property
    def is_lost(self) -> bool:
        """True once the connection cannot be used again."""
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
        """Take the write lock on SQLite, or wait no longer; psycopg begins by itself, at the first statement."""
        self._joined = False
        if self._is_sqlite:
            wait_ms = int(min(wait_seconds, BUSY_SECONDS) * 1000)
            if wait_ms != self._waits_ms:  # only a turn that is short of time pays for this statement
                self._do(f"PRAGMA busy_timeout={wait_ms}")
                self._waits_ms = wait_ms
            self._do("BEGIN IMMEDIATE" if writes else "BEGIN")

    def break_off(self) -> None:
        """Cut the connection to the server under a statement that waits; another thread does this."""
        with suppress(OSError, self._faults), socket.fromfd(self._driver.fileno(), 0, 0) as server:
            server.shutdown(socket.SHUT_RDWR)

    def commit(self) -> None:
        """Commit, through SQLAlchemy where it has joined."""
        if self._joined:
            self._pooled.commit()
            return
        try:
            self._driver.commit()
        except self._faults as error:
            raise self._wrapped(error, "COMMIT") from error

    def rollback(self) -> None:
        """Undo everything; a connection that cannot is lost."""
        try:
            if self._joined:
                self._pooled.rollback()
            else:
                self._driver.rollback()
        except (DBAPIError, self._faults):
            self._pooled.invalidate()

    def close(self) -> None:
        """Give the connection back to its engine's pool."""
        self._pooled.close()

    def _wrapped(self, error: Exception, text: str) -> BaseException:
        lost = self._pooled.dialect.is_disconnect(error, self._driver, None)  # type: ignore[arg-type]
        if lost:
            self._pooled.invalidate(error)
        return DBAPIError.instance(text, None, error, self._faults, hide_parameters=True, connection_invalidated=lost)


class ConnectionPool:
    """The pooled connections of one engine; as many as there ever were turns at once."""

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
        """One transaction of so many seconds at most: committed at the end, rolled back on any exception.

        On SQLite the threads of a process queue for its single writer on a lock of their own: waiting in SQLite itself
        is sleeping in steps of up to 100 ms. A thread that queued too long goes on to SQLite's own waiting; a reader
        needs neither.
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
        self.close()  # the others were lost with it, most likely: the server went down

    def close(self) -> None:
        """Let go of every idle connection, and of those in the engine's pool."""
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()
        self._engine.dispose()
