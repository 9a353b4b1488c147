"""python -m ivr calendar: a year's holidays, make-up working days and half days."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date

from ivr.foundation import clock
from ivr.foundation.calendar import Holiday, Year
from ivr.foundation.errors import MissingYear
from ivr.installation import Installation

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def main(argv: Sequence[str]) -> int:
    """Print a year's holidays, make-up days and half days."""
    installation = Installation.here()
    parser = argparse.ArgumentParser(
        prog="python -m ivr calendar",
        description="Print a year's days off, make-up working days and half days, from calendar/<year>.yaml.",
        epilog="example: python -m ivr calendar 2026",
    )
    this_year = clock.now().astimezone(installation.settings.bank.zone).year
    parser.add_argument("year", type=int, nargs="?", default=this_year, help="this year, if none is given")
    wanted = parser.parse_args(argv).year
    year = installation.calendar.years.get(wanted)
    if year is None:
        raise MissingYear(wanted)
    print("\n".join(_lines(year, installation.settings.languages)))
    return 0


def _lines(year: Year, languages: Sequence[str]) -> Iterator[str]:
    yield f"{year.number}: {year.notice}"
    for holiday in year.holidays:
        yield f"  {_told(holiday.first)} to {_told(holiday.last)}  off: {_name(holiday, languages)}"
        yield from (f"  {_told(day)}  worked in exchange" for day in holiday.make_up)
    for day, spans in sorted(year.half_days.items()):
        hours = ", ".join(f"{_time(begin)}-{_time(end)}" for begin, end in spans)
        yield f"  {_told(day)}  worked {hours}"


def _name(holiday: Holiday, languages: Sequence[str]) -> str:
    return next((holiday.name[each] for each in languages if each in holiday.name), "")


def _told(day: date) -> str:
    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}"


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
