"""Opening hours as data: weekdays, holidays and single dates, with spans that may last past midnight. Pure.

A table has one entry for each weekday range, the holidays, the make-up days, or a date: `mon-fri: ["09:00-17:30"]`,
`holidays: closed`, `make_up: mon` (a weekend day worked in exchange is like a Monday), `"2026-12-31": ["09:00-12:00"]`.
A date's own entry takes precedence over `holidays:` and `make_up:`, and these over the weekday; a table without such an
entry takes those days as their weekdays. A span belongs to the day on which it begins: "22:00-06:00" continues into the
next day, whatever that day is. All times are wall-clock times in the bank's time zone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ivr.foundation.messages import Message, message

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS = "holidays"
MAKE_UP = "make_up"
CLOSED = "closed"
_RANGE = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))?")
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))", re.ASCII)
_DAY = 24 * 60

DayEntry = str | Sequence[str]  # "closed", a weekday to copy, or spans
Table = Mapping[str, DayEntry]
Span = tuple[int, int]  # minutes since midnight, end excluded; more than 24 hours where it ends the next day
DaySpans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the working calendar (ISO text), and the years that it knows; see `ivr.foundation.calendar`."""

    holidays: Sequence[str] = ()
    make_up: Sequence[str] = ()
    years: Sequence[int] = ()


NO_DAYS = Days()


@dataclass(frozen=True, slots=True)
class Hours:
    """The spans of each weekday (0 is Monday), and of the dates that differ (ISO text)."""

    week: tuple[DaySpans, ...]
    dates: Mapping[str, DaySpans] = field(default_factory=dict)

    def spans_on(self, day: date) -> DaySpans:
        """The spans that begin on a day."""
        return self.dates.get(day.isoformat(), self.week[day.weekday()])

    def open_at(self, local: datetime) -> bool:
        """True while open at a local time."""
        today = local.date()
        minute = local.hour * 60 + local.minute
        return _covers(self.spans_on(today), minute) or _covers(self.spans_on(today - timedelta(days=1)), minute + _DAY)

    def closed_by_date(self, day: date) -> bool:
        """True where a date's entry or a holiday closes a day on which this weekday would be open."""
        return bool(self.week[day.weekday()]) and not self.spans_on(day)


@dataclass(frozen=True, slots=True)
class TableFault:
    """A fault of a table: the path of keys to it, and the remedy."""

    place: tuple[str | int, ...]
    problem: Message
    remedy: Message


def read_hours(table: Table, known: Days = NO_DAYS) -> Hours:
    """The hours of a table and the calendar's days. Raises ValueError with the remedy."""
    for fault in table_faults(table):
        raise ValueError(message("{problem}; {remedy}", problem=fault.problem, remedy=fault.remedy))
    week: list[DaySpans] = [()] * 7
    for days, line in table.items():
        for day in weekdays(days):
            week[day] = _day_spans(line, week)
    dates: dict[str, DaySpans] = {}
    for kind, special in ((HOLIDAYS, known.holidays), (MAKE_UP, known.make_up)):
        if kind in table:
            dates |= dict.fromkeys(special, _day_spans(table[kind], week))
    dates |= {day: _day_spans(line, week) for day, line in table.items() if is_date(day)}
    return Hours(tuple(week), dates)


def table_faults(table: Table) -> Iterator[TableFault]:
    """All faults of a table."""
    taken: dict[int, str] = {}
    for key, line in table.items():
        covered = weekdays(key)
        if not covered and key not in (HOLIDAYS, MAKE_UP) and not is_date(key):
            remedy = message(
                'write mon or mon-fri (the earlier day first), holidays, make_up, or a date such as "2026-10-10"'
            )
            yield TableFault((key,), message("'{key}' is not a weekday, weekday range or date", key=key), remedy)
        if twice := next((day for day in covered if day in taken), None):
            remedy = message("write each day once, such as  mon-thu: [..]  and  fri: [..]")
            yield TableFault(
                (key,), message("'{days}' is in '{taken}' already", days=DAYS[twice], taken=taken[twice]), remedy
            )
        taken |= dict.fromkeys(covered, key)
        yield from _line_faults(key, line, may_name_a_day=not covered)


def weekdays(text: str) -> tuple[int, ...]:
    """The day numbers of `mon` or `mon-fri`; empty where it is neither."""
    found = _RANGE.fullmatch(text)
    return tuple(range(DAYS.index(found[1]), DAYS.index(found[2] or found[1]) + 1)) if found else ()


def is_date(text: str) -> bool:
    """True for an existing day, written 2026-10-10."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _covers(plan: DaySpans, minute: int) -> bool:
    return any(start <= minute < end for start, end in plan)


def _day_spans(line: DayEntry, week: Sequence[DaySpans]) -> DaySpans:
    if isinstance(line, str):
        return () if line == CLOSED else week[DAYS.index(line)]
    return tuple(span for text in line if (span := _span(text)) is not None)


def _span(text: str) -> Span | None:
    """Minutes of a time span; None where the text is not one."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3] or found[5]) * 60 + int(found[4] or found[6])
    if start == end:
        return None
    return start, end if end > start else end + _DAY


def _line_faults(key: str, line: DayEntry, *, may_name_a_day: bool) -> Iterator[TableFault]:
    if isinstance(line, str):
        if line != CLOSED and not (may_name_a_day and line in DAYS):
            like = message(", mon for hours as on a Monday,") if may_name_a_day else ""
            yield TableFault(
                (key,),
                message("'{line}' is not a time span", line=line),
                message('write closed{like} or ["09:00-12:00"]', like=like),
            )
        return
    for number, text in enumerate(line):
        if _span(text) is None:
            remedy = message(
                "write 09:00-17:30, or 22:00-06:00 for a night that ends the next day; 00:00-24:00 is the whole day"
            )
            yield TableFault((key, number), message("'{text}' is not a time range", text=text), remedy)
