"""Engines whose transactions hold the write lock from their first statement, and say how durable they are."""

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
    4000  # PostgreSQL gives up before its client does: a line cut while it waits for a lock would leave it waiting
)
CHECKPOINT_PAGES = 8000  # 32 MB: a turn checkpoints itself only then, long after Checkpoints should have


def _sqlite_connection(synchronous: str) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        raw: sqlite3.Connection = connection  # type: ignore[assignment]
        raw.isolation_level = None  # SQLAlchemy's begin event below speaks instead
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
    """Before a connection is opened: the database file is its owner's alone, whatever the umask says.

    SQLite gives its -wal and -shm the mode of the database. A folder or file that cannot be made is the same as one
    that cannot be opened: an error of the database, which a server waits out. A file that was there before is not
    made anew: the log of the one that was taken away would be read into it.
    """
    was_there = threading.Event()

    def prepare(*_: object) -> None:
        if was_there.is_set() and not path.exists():
            raise sqlite3.OperationalError(f"{path} was taken away")
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
    if not raw.in_transaction:  # a turn's transaction, which SQLAlchemy joins, has begun already
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
    """Two engines on one database: `durable` survives a power cut at commit, `quick` survives a killed process.

    Money and security commit on `durable` (SQLite synchronous FULL, PostgreSQL synchronous_commit on);
    a menu turn may commit on `quick` (NORMAL, off): after a power cut it can be lost, never torn.
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

        One inside another on the same thread would wait for the lock that the outer one holds: `RuntimeError`.
        """
        if getattr(self._here, "is_inside", False):
            raise RuntimeError("a transaction was begun inside another of the same thread and database")
        engine = self.durable if durable else self.quick
        self._here.is_inside = True
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            self._here.is_inside = False

    def turn(self, *, durable: bool = True, seconds: float = TURN_SECONDS) -> AbstractContextManager[Transaction]:
        """One transaction of a turn: as `begin`, on a pooled connection, its statements run on the driver.

        Whatever the database does, it ends within so many seconds, with an error of SQLAlchemy's.
        """
        return self._pools[durable].begin(seconds)

    def look(self, seconds: float = LOOK_SECONDS) -> AbstractContextManager[Transaction]:
        """A transaction that only reads, a short one: on SQLite it waits for no writer, and none waits for it."""
        return self._pools[False].begin(seconds, writes=False)

    def close(self) -> None:
        """Give back every pooled connection."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        if self._watchdog is not None:
            self._watchdog.close()
        for pool in self._pools.values():
            pool.close()


def open_database(url: str) -> Database:
    """The database at an SQLAlchemy URL, `sqlite:///var/hotline.db` or `postgresql://user@host/name`."""
    if make_url(url).get_backend_name() == "sqlite":
        name = make_url(url).database
        before = _private_file(Path(name)) if name and name != ":memory:" else None
        return Database(_sqlite_engine(url, "FULL", before), _sqlite_engine(url, "NORMAL", before))
    return Database(_postgres_engine(url, "on"), _postgres_engine(url, "off"))
