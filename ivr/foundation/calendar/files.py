"""Reads the working calendar from `calendar/<year>.yaml`: a year's holidays, make-up days and half days."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from ivr.foundation.calendar.spans import Spans, day_spans
from ivr.foundation.calendar.working import Calendar
from ivr.foundation.calendar.years import SATURDAY, Holiday, Year
from ivr.foundation.errors import ConfigurationError
from ivr.foundation.messages import ENGLISH, Message, message, sentences
from ivr.foundation.strictyaml import (
    OptionalMessage,
    YamlFault,
    describe_shape_error,
    location_of,
    read_file,
    without_follow_ups,
)

KeyPath = tuple[str | int, ...]
Told = tuple[KeyPath, Message, OptionalMessage]  # path in the file, problem, remedy


def _day(text: object) -> object:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError(message("'{text}' is not a date; write 2027-01-01", text=text)) from error


Day = Annotated[date, BeforeValidator(_day)]
Hours = Annotated[Spans, BeforeValidator(lambda texts: day_spans(texts if isinstance(texts, list) else ()))]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Holiday(_Part):
    name: dict[str, str]
    first: Day
    last: Day
    make_up: tuple[Day, ...] = ()


class _File(_Part):
    notice: str
    holidays: tuple[_Holiday, ...]
    half_days: dict[Day, Hours] = {}


class CalendarFaults(ConfigurationError):  # noqa: N818 - what is wrong with a file, one thing or many
    """A year's file that cannot be used: each fault with its line, column, problem and remedy."""

    def __init__(self, file: str, found: Iterable[tuple[int, int, Message, OptionalMessage]]) -> None:
        self.file = file
        self.faults = tuple(((line, column), problem, remedy) for line, column, problem, remedy in sorted(found))
        told = (f"{file}:{at[0]}:{at[1]}: {_told(problem, remedy)}" for at, problem, remedy in self.faults)
        super().__init__("\n".join(told))


def _told(problem: Message, remedy: OptionalMessage) -> str:
    return sentences((problem, remedy), ENGLISH)


def read_calendar(folder: Path, zone: ZoneInfo, hours: Spans) -> Calendar:
    """The calendar of every year that has a file. Raises `CalendarFaults` with every fault of a file."""
    return Calendar(zone, hours, {year.number: year for year in map(read_year, year_files(folder))})


def year_files(folder: Path) -> list[Path]:
    """The files of years, in their order; none where the folder does not exist."""
    return [path for path in sorted(folder.glob("*.yaml")) if path.stem.isdecimal()]


def read_year(path: Path) -> Year:
    """The year of a file named by its number. Raises `ConfigurationError` with every fault."""
    try:
        tree = read_file(path, "notice:")
    except YamlFault as fault:
        raise CalendarFaults(path.name, ((f.line, f.column, f.problem, f.remedy) for f in fault.faults)) from fault
    except OSError as error:
        raise ConfigurationError(
            message("{path} cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from error
    try:
        shape = _File.model_validate(tree)
    except ValidationError as error:
        told = (
            (*location_of(tree, each["loc"]), *describe_shape_error(each))
            for each in without_follow_ups(error.errors())
        )
        raise CalendarFaults(path.name, told) from error
    if faulty := list(_contradictions_in(shape, int(path.stem))):
        found = ((*location_of(tree, place), problem, remedy) for place, problem, remedy in faulty)
        raise CalendarFaults(path.name, found)
    return _year(shape, int(path.stem))


def _year(shape: _File, number: int) -> Year:
    holidays = tuple(Holiday(each.name, each.first, each.last, each.make_up) for each in shape.holidays)
    return Year(number, shape.notice, holidays, shape.half_days)


def _contradictions_in(shape: _File, number: int) -> Iterator[Told]:
    """Days that contradict each other or the year."""
    for place, day in _days(shape):
        if day.year != number:
            yield (
                place,
                message("{day} is not a day of {year}", day=day, year=number),
                message("move it to its own file"),
            )
    for at, each in enumerate(shape.holidays):
        if each.last < each.first:
            words = message("the last day comes before the first"), message("write the earlier day as first:")
            yield ("holidays", at, "last"), *words
    if not any(each.last < each.first for each in shape.holidays):
        yield from _contradictions(shape, _year(shape, number))


def _days(shape: _File) -> Iterator[tuple[KeyPath, date]]:
    for at, each in enumerate(shape.holidays):
        yield ("holidays", at, "first"), each.first
        yield ("holidays", at, "last"), each.last
        yield from ((("holidays", at, "make_up", index), day) for index, day in enumerate(each.make_up))
    yield from ((("half_days", day.isoformat()), day) for day in shape.half_days)


def _contradictions(shape: _File, year: Year) -> Iterator[Told]:
    off: set[date] = set()
    for at, each in enumerate(year.holidays):
        if not off.isdisjoint(each.days()):
            problem = message("a day of it is off by another holiday already")
            yield ("holidays", at, "first"), problem, message("name both holidays in one line")
        off |= set(each.days())
    for at, holiday in enumerate(shape.holidays):
        for index, day in enumerate(holiday.make_up):
            if day in off or day.weekday() < SATURDAY:
                problem = message("{day} is not a Saturday or Sunday that would be off", day=day)
                remedy = message("a make-up day is a day of a weekend outside the holidays")
                yield ("holidays", at, "make_up", index), problem, remedy
    for day in shape.half_days:
        if not year.is_working_day(day):
            remedy = message("take it out, or list it under make_up: of a holiday")
            yield ("half_days", day.isoformat()), message("{day} is not worked at all", day=day), remedy
