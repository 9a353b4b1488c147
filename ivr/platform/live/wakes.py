"""What tells a process that something was committed: NOTIFY on PostgreSQL, the data version of the file on SQLite.

It is only a wake-up. What has changed stands in the rows, so a wake-up that is lost costs a moment and nothing else.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from ivr.db import Database
from ivr.foundation import clock
from ivr.platform.live.topics import CHANNEL

Pause = Callable[[float], object]
SQLITE_SECONDS = 0.2  # between two looks at the data version, which cost microseconds


class Wake(Protocol):
    """A line to the database on which commits are heard."""

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; True when something may have been committed. Raises what the driver raises."""
        ...


class PostgresWake:
    """LISTEN on a connection of its own."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        driver.autocommit = True
        driver.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Wait for a notice."""
        return any(True for _ in self._driver.notifies(timeout=seconds, stop_after=1))


class SqliteWake:
    """PRAGMA data_version on a connection of its own: another number once another connection has committed."""

    def __init__(self, driver: Any, pause: Pause) -> None:
        self._driver, self._pause = driver, pause
        self._seen = self._version()

    def wait(self, seconds: float) -> bool:
        """Look a few times a second."""
        until = clock.steady() + seconds
        while clock.steady() < until:
            self._pause(SQLITE_SECONDS)
            version = self._version()
            if version != self._seen:
                self._seen = version
                return True
        return False

    def _version(self) -> int:
        version: int = self._driver.execute("PRAGMA data_version").fetchone()[0]
        return version


@contextmanager
def wake(database: Database, pause: Pause) -> Iterator[Wake]:
    """A line to the database until the end of the block; it goes back to no pool. `pause` waits so many seconds."""
    pooled = database.quick.raw_connection()
    driver = pooled.driver_connection
    pooled.detach()
    try:
        yield SqliteWake(driver, pause) if database.is_sqlite else PostgresWake(driver)
    finally:
        pooled.close()
