"""One year's days off, make-up working days and half days, as announced by the State Council and the bank. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from ivr.foundation.calendar.spans import Spans

NOVEMBER = 11  # when the notice for the next year has appeared
SATURDAY = 5  # the first day of the weekend; Monday is 0


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday: its first and last day off, and the weekend days worked in exchange. `name` maps a language to the
    name.
    """

    name: Mapping[str, str]
    first: date
    last: date
    make_up: tuple[date, ...] = ()

    def days(self) -> Iterator[date]:
        """The days off."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Year:
    """The working days of a year. `half_days` are working days with their own hours; `notice` is the official
    announcement.
    """

    number: int
    notice: str
    holidays: tuple[Holiday, ...]
    half_days: Mapping[date, Spans] = field(default_factory=dict)
    _days_off: frozenset[date] = field(init=False, repr=False)
    _make_up: frozenset[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_days_off", frozenset(day for each in self.holidays for day in each.days()))
        object.__setattr__(self, "_make_up", frozenset(day for each in self.holidays for day in each.make_up))

    def is_working_day(self, day: date) -> bool:
        """True for a working day of this year: a weekday that is not a holiday, or a make-up day."""
        return day in self._make_up or (day.weekday() < SATURDAY and day not in self._days_off)

    def hours(self, day: date, usual: Spans) -> Spans:
        """The hours worked on a day of this year; none on a day off."""
        return self.half_days.get(day, usual) if self.is_working_day(day) else ()


def by_weekends(number: int) -> Year:
    """A year of which nothing is known: Monday to Friday is worked."""
    return Year(number, "", ())


def missing_years(known: Collection[int], today: date) -> tuple[int, ...]:
    """The years that need a file by now and have none: this one, and from 1 November on the next one."""
    wanted = (today.year, today.year + 1) if today.month >= NOVEMBER else (today.year,)
    return tuple(each for each in wanted if each not in known)


def missing_days(known: Collection[int], today: date) -> int:
    """How many days from today on lie in years that need a file by now and have none."""
    ends = {each: (date(each, 12, 31) - max(today, date(each, 1, 1))).days + 1 for each in missing_years(known, today)}
    return sum(ends.values())
