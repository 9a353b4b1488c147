"""Deadlines in working time: add working seconds or days to a time, or count them between two times. Pure.

Every interval is half-open: it includes its start and excludes its end.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from ivr.foundation.calendar.spans import Spans
from ivr.foundation.calendar.years import Year, by_weekends
from ivr.foundation.hours import Days

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of the known years, each with the same `hours` unless it is a half day.

    Times are aware and returned in UTC; days are those of `zone`. A year that is not known is counted by weekends, and
    `guessed` is called with its number each time.
    """

    zone: ZoneInfo
    hours: Spans
    years: Mapping[int, Year]
    guessed: Callable[[int], object] = lambda _: None

    def year(self, number: int) -> Year:
        """The days of a year; by weekends where its file is missing."""
        if (known := self.years.get(number)) is None:
            self.guessed(number)
            return by_weekends(number)
        return known

    @property
    def days(self) -> Days:
        """What opening hours take of it."""
        holidays = [holiday for _, year in sorted(self.years.items()) for holiday in year.holidays]
        return Days(
            tuple(day.isoformat() for each in holidays for day in each.days()),
            tuple(day.isoformat() for each in holidays for day in each.make_up),
            tuple(sorted(self.years)),
        )

    def is_working_day(self, day: date) -> bool:
        """True for a working day, including a half day."""
        return self.year(day.year).is_working_day(day)

    def is_open(self, at: datetime) -> bool:
        """True during working hours."""
        return any(begin <= at < end for begin, end in self.spans(self.day_of(at)))

    def day_of(self, at: datetime) -> date:
        """The day of a time in the bank's time zone."""
        if at.tzinfo is None:
            raise ValueError("a time needs its zone")
        return at.astimezone(self.zone).date()

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working hours of a day as UTC times; empty on a day off."""
        hours = self.year(day.year).hours(day, self.hours)
        return [(self._moment(day, begin), self._moment(day, end)) for begin, end in hours]

    def add(self, start: datetime, working_seconds: int) -> datetime:
        """The first time at which so many working seconds have passed since `start`; `start` itself for 0."""
        if working_seconds < 0:
            raise ValueError("working time is counted forwards")
        left = timedelta(seconds=working_seconds)
        if not left:
            return start.astimezone(UTC)
        spans = self._spans_after(start)
        while (worked := next(spans))[1] - worked[0] < left:
            left -= worked[1] - worked[0]
        return worked[0] + left

    def elapsed(self, begin: datetime, end: datetime) -> int:
        """Whole working seconds between two times; negative where `end` comes first."""
        if end < begin:
            return -self.elapsed(end, begin)
        spans = takewhile(lambda span: span[0] < end, self._spans_after(begin, self.day_of(end)))
        return sum((min(closes, end) - opens for opens, closes in spans), timedelta()) // timedelta(seconds=1)

    def add_days(self, day: date, working_days: int) -> date:
        """The day so many working days after a day, or before it for a negative number; the day itself for 0."""
        step = _DAY if working_days > 0 else -_DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def _spans_after(self, start: datetime, last: date = date.max) -> Iterator[tuple[datetime, datetime]]:
        """Working hours from a time on, the first one cut at that time, until the end of the last day."""
        day = self.day_of(start)
        while day <= last:
            for begin, end in self.spans(day):
                if end > start:
                    yield max(begin, start.astimezone(UTC)), end
            day += _DAY

    def _moment(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day, time(), self.zone)
        return (midnight + timedelta(minutes=minute)).astimezone(UTC)  # wall-clock arithmetic, as zoneinfo adds
