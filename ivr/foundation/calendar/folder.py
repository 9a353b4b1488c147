"""The folder of the calendar's files, read again when one of them changes: a new year's file needs no restart."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from ivr.foundation.calendar.files import read_calendar, year_files
from ivr.foundation.calendar.spans import Spans
from ivr.foundation.calendar.working import Calendar
from ivr.foundation.errors import ConfigurationError

LOG = structlog.get_logger("ivr.calendar")
Stamps = tuple[tuple[str, int, int], ...]  # name, time of change, size of each file


@dataclass(slots=True)
class CalendarFolder:
    """The calendar of a folder as its files are now. Threads may ask at once."""

    folder: Path
    zone: ZoneInfo
    hours: Spans
    _read: Calendar | None = field(default=None, init=False)
    _stamps: Stamps = field(default=(), init=False)
    _guessed: set[int] = field(default_factory=set, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def now(self) -> Calendar:
        """The calendar; raises `ConfigurationError` where it was never whole. Files that got worse change nothing."""
        with self._lock:
            stamps = self._present()
            if self._read is None or stamps != self._stamps:
                self._read = self._reread()
                self._stamps = stamps
            return self._read

    def _present(self) -> Stamps:
        stats = ((path.name, path.stat()) for path in year_files(self.folder))
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    def _reread(self) -> Calendar:
        try:
            read = read_calendar(self.folder, self.zone, self.hours)
        except ConfigurationError as fault:
            if self._read is None:
                raise
            LOG.error("the calendar cannot be read; the one read before stays", faults=str(fault))
            return self._read
        self._guessed.clear()
        return replace(read, guessed=self._tell)

    def _tell(self, year: int) -> None:
        if year not in self._guessed:
            self._guessed.add(year)
            LOG.warning(
                "the calendar has no file for a year; its days are counted by weekends until it is there",
                year=year,
                remedy=f"write {self.folder.name}/{year}.yaml (docs/operations.md, Working days)",
            )
