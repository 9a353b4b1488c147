"""Engines for two durabilities; on SQLite every writing transaction takes the write lock at its start."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from ivr.db.hot.checkpoints import Checkpoints
from ivr.db.hot.connection_pool import ConnectionPool, Transaction
from ivr.db.hot.deadline_watchdog import DeadlineWatchdog

BUSY_SECONDS = 8
TURN_SECONDS = 9.0  # the provider waits 15 s for an answer
LOOK_SECONDS = 3.0
CONNECT_SECONDS = 3
LOCK_MS = (
    4000  # less than the client's deadline: a backend whose client disconnects while it waits for a lock keeps waiting
)
CHECKPOINT_PAGES = 8000  # 32 MB: a turn checkpoints itself only if the Checkpoints thread is far behind


def _sqlite_connection(synchronous: str) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        raw: sqlite3.Connection = connection  # type: ignore[assignment]
        raw.isolation_level = None  # the begin event below starts transactions instead
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "temp_store=MEMORY",
            "cache_size=-16000",
            "mmap_size=268435456",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        ):
            raw.execute(f"PRAGMA {pragma}")

    return prepare


def _private_file(path: Path) -> Callable[..., None]:
    """Before a connection is opened: create the database file readable by its owner only, whatever the umask.

    SQLite gives its -wal and -shm files the same mode. Failing to create the folder or file is raised as a database
    error, which a server waits out. A file that existed before is never created again: the write-ahead log of the
    removed one would be applied to it.
    """
    was_there = threading.Event()

    def prepare(*_: object) -> None:
        if was_there.is_set() and not path.exists():
            raise sqlite3.OperationalError(f"{path} was removed")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
                os.fchmod(handle, 0o600)
                os.close(handle)
        except OSError as error:
            raise sqlite3.OperationalError(f"{path}: {error.strerror}") from error
        was_there.set()

    return prepare


def _begin_immediate(connection: Connection) -> None:
    raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    if not raw.in_transaction:  # SQLAlchemy may join a turn's transaction that has begun already
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sqlite_engine(url: str, synchronous: str, before: Callable[..., None] | None) -> Engine:
    engine = create_engine(
        url, pool_size=16, max_overflow=48, connect_args={"check_same_thread": False}, hide_parameters=True
    )
    if before is not None:
        event.listen(engine, "do_connect", before)
    event.listen(engine, "connect", _sqlite_connection(synchronous))
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _postgres_engine(url: str, synchronous_commit: str) -> Engine:
    return create_engine(
        url,
        pool_size=16,
        max_overflow=48,
        pool_pre_ping=False,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,
        connect_args={
            "options": f"-c synchronous_commit={synchronous_commit} -c timezone=UTC -c lock_timeout={LOCK_MS}",
            "connect_timeout": CONNECT_SECONDS,
        },
    )


@dataclass(frozen=True, slots=True)
class Database:
    """Two engines on one database: commits on `durable` survive a power cut, those on `quick` a killed process.

    Money and security use `durable` (SQLite synchronous FULL, PostgreSQL synchronous_commit on). A menu turn uses
    `quick` (NORMAL, off): a power cut may lose it, but never corrupts it.
    """

    durable: Engine
    quick: Engine
    _pools: Mapping[bool, ConnectionPool] = field(init=False, repr=False)

    _checkpoints: Checkpoints | None = field(init=False, repr=False)
    _watchdog: DeadlineWatchdog | None = field(init=False, repr=False)
    _here: threading.local = field(init=False, repr=False, default_factory=threading.local)

    def __post_init__(self) -> None:
        writer = threading.Lock() if self.is_sqlite else None
        name = self.durable.url.database
        checkpoints = Checkpoints(name, writer) if writer and name and name != ":memory:" else None
        watchdog = (
            None if self.is_sqlite else DeadlineWatchdog()
        )  # SQLite waits for nothing but its lock, and that is bounded
        engines = {True: self.durable, False: self.quick}
        pools = {durable: ConnectionPool(engine, writer, checkpoints, watchdog) for durable, engine in engines.items()}
        object.__setattr__(self, "_watchdog", watchdog)
        object.__setattr__(self, "_checkpoints", checkpoints)
        object.__setattr__(self, "_pools", pools)

    @property
    def is_sqlite(self) -> bool:
        """True on the embedded database."""
        return self.durable.dialect.name == "sqlite"

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception.

        Nested transactions on one thread would deadlock and raise `RuntimeError`.
        """
        if getattr(self._here, "is_inside", False):
            raise RuntimeError("nested transactions on one thread and database")
        engine = self.durable if durable else self.quick
        self._here.is_inside = True
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            self._here.is_inside = False

    def turn(self, *, durable: bool = True, seconds: float = TURN_SECONDS) -> AbstractContextManager[Transaction]:
        """The transaction of a turn: like `begin`, on a pooled connection, with statements run on the driver.

        It ends after at most `seconds`, even if the database hangs, with an error of SQLAlchemy.
        """
        return self._pools[durable].begin(seconds)

    def look(self, seconds: float = LOOK_SECONDS) -> AbstractContextManager[Transaction]:
        """A short read-only transaction: on SQLite it neither waits for writers nor blocks them."""
        return self._pools[False].begin(seconds, writes=False)

    def close(self) -> None:
        """Close all pooled connections."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        if self._watchdog is not None:
            self._watchdog.close()
        for pool in self._pools.values():
            pool.close()


def open_database(url: str) -> Database:
    """Open the database at an SQLAlchemy URL: `sqlite:///var/hotline.db` or `postgresql://user@host/name`."""
    if make_url(url).get_backend_name() == "sqlite":
        name = make_url(url).database
        before = _private_file(Path(name)) if name and name != ":memory:" else None
        return Database(_sqlite_engine(url, "FULL", before), _sqlite_engine(url, "NORMAL", before))
    return Database(_postgres_engine(url, "on"), _postgres_engine(url, "off"))
