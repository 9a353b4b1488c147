"""One thread of a process hears of changes and wakes the streams that wait; a lost line it opens again by itself."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.db import Database, look
from ivr.platform.live.topics import versions
from ivr.platform.live.wakes import Wake, wake

READ_SECONDS = 1.0  # PostgreSQL is read so often without a wake-up: some changes send none, and one may be lost
PAUSE_SECONDS = 0.1  # between two reads: many commits in a moment are one
AGAIN_SECONDS = 1.0  # before a database that went away is asked again
LOG = structlog.get_logger("ivr.live")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the listener knows. `number` rises with each thing heard, `returns` each time the database came back."""

    number: int = 0
    returns: int = 0
    is_away: bool = True
    versions: Mapping[str, int] = field(default_factory=dict)


class Listener:
    """Hears of changes in one database, from the first `wait` until `close`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = threading.Condition()
        self._heard = Heard()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    @property
    def is_closed(self) -> bool:
        """Whether nothing more will be heard."""
        return self._stop.is_set()

    def wait(self, number: int, seconds: float) -> Heard:
        """What is known once it is another than `number`, or after so many seconds; 0 waits for the first look."""
        with self._changed:
            self._begin()
            self._changed.wait_for(lambda: self._heard.number != number or self.is_closed, seconds)
            return self._heard

    def close(self) -> None:
        """Stop; whoever waits goes on."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(READ_SECONDS * 5)

    def _begin(self) -> None:
        if self._thread is None and not self.is_closed:
            self._thread = threading.Thread(target=self._run, name="live", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with wake(self._database, self._stop.wait) as line:
                    self._listen(line)
            except (SQLAlchemyError, self._database.quick.dialect.loaded_dbapi.Error) as fault:
                self._note_away(fault)
            except Exception:
                LOG.exception("the listener for live pages failed; it begins again")
                self._note_away(None)
            self._stop.wait(AGAIN_SECONDS)

    def _listen(self, line: Wake) -> None:
        """Read after the line is open: what was committed before it was is in the rows."""
        self._read()
        while not self._stop.is_set():
            if line.wait(READ_SECONDS) or not self._database.is_sqlite:  # SQLite misses no commit
                self._read()
            self._stop.wait(PAUSE_SECONDS)

    def _read(self) -> None:
        with look(self._database) as db:
            found = versions(db)
        heard = self._heard
        if heard.is_away:
            self._tell(replace(heard, versions=found, is_away=False, returns=heard.returns + 1))
        elif found != heard.versions:
            self._tell(replace(heard, versions=found))

    def _note_away(self, fault: Exception | None) -> None:
        if not self._heard.is_away:
            if fault is not None:
                LOG.warning("live pages wait for the database", reason=" ".join(str(fault).split())[:200])
            self._tell(replace(self._heard, is_away=True))

    def _tell(self, heard: Heard) -> None:
        with self._changed:
            self._heard = replace(heard, number=heard.number + 1)
            self._changed.notify_all()
