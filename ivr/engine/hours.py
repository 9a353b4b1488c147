"""Opening hours as data: weekday ranges and holidays, pure over local time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
Span = tuple[int, int]  # minutes of the day, the end excluded


@dataclass(frozen=True, slots=True)
class Hours:
    """For each weekday (0 is Monday) its spans; on a holiday nothing is open."""

    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[str] = frozenset()

    def open_at(self, local: datetime) -> bool:
        """True while open at a local time."""
        if local.date().isoformat() in self.holidays:
            return False
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self.week[local.weekday()])


def _days(text: str) -> range:
    first, _, last = text.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS or _DAYS.index(last or first) < _DAYS.index(first):
        raise ValueError(f"'{text}' is no weekday or range of them; write mon or mon-fri")
    return range(_DAYS.index(first), _DAYS.index(last or first) + 1)


def _span(text: str) -> Span:
    match = _RANGE.fullmatch(text)
    start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
    if not 0 <= start < end <= 24 * 60:
        raise ValueError(f"'{text}' is no time range; write 09:00-17:30 (the end after the start, 24:00 at most)")
    return start, end


def read_hours(table: Mapping[str, tuple[str, ...]], holidays: tuple[str, ...] = ()) -> Hours:
    """Hours from {"mon-fri": ("09:00-17:30",)}; raises ValueError that says what to write."""
    week: list[tuple[Span, ...]] = [()] * 7
    for days, spans in table.items():
        for day in _days(days):
            week[day] = tuple(_span(span) for span in spans)
    for holiday in holidays:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", holiday, re.ASCII):
            raise ValueError(f"'{holiday}' is no date; write 2027-01-01")
    return Hours(tuple(week), frozenset(holidays))
