"""The working calendar: working days, deadlines, and files that contradict themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ivr.cli.main import main
from ivr.foundation.calendar import Calendar, CalendarFolder, day_spans, missing_days, missing_years, read_calendar
from ivr.foundation.errors import ConfigurationError
from tests.support.databases import ROOT

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = day_spans(["09:00-12:00", "13:00-18:00"])
CALENDAR = read_calendar(ROOT / "calendar", SHANGHAI, HOURS)
WORKED_SATURDAYS_AND_SUNDAYS = {  # of the State Council's notices for 2025 and 2026
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
}
HOUR = 3600


def at(text: str) -> datetime:
    """A moment as Shanghai's clocks show it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_days_of_the_notices_are_worked_or_off(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    worked = [day for day in days if CALENDAR.is_working_day(day)]
    assert len(worked) == 248  # as the packages chinesecalendar and holidays count, day by day
    weekends = {day.isoformat() for day in worked if day.weekday() > 4}
    assert weekends == {day for day in WORKED_SATURDAYS_AND_SUNDAYS if day.startswith(str(year))}


@pytest.mark.parametrize(
    ("start", "seconds", "due"),
    [
        ("2026-11-25 09:00", 0, "2026-11-25 09:00"),
        ("2026-11-25 22:00", 0, "2026-11-25 22:00"),  # nothing to work: the moment itself
        ("2026-11-25 09:00", 3 * HOUR, "2026-11-25 12:00"),  # the end of the morning, not the end of lunch
        ("2026-11-25 11:00", 2 * HOUR, "2026-11-25 14:00"),  # over lunch
        ("2026-11-25 12:30", HOUR, "2026-11-25 14:00"),  # received at lunch
        ("2026-11-27 17:00", 2 * HOUR, "2026-11-30 10:00"),  # over a weekend
        ("2026-02-13 17:30", HOUR, "2026-02-14 09:30"),  # a Saturday that is worked
        ("2026-02-14 17:30", HOUR, "2026-02-24 09:30"),  # over Spring Festival
        ("2026-09-30 18:00", 8 * HOUR, "2026-10-08 18:00"),
        ("2025-12-31 17:00", 2 * HOUR, "2026-01-04 10:00"),  # into the next file
        ("2026-12-31 17:00", HOUR, "2026-12-31 18:00"),  # the last moment of a year needs no other
    ],
)
def test_what_is_due_when(start: str, seconds: int, due: str) -> None:
    assert CALENDAR.add(at(start), seconds) == at(due)
    assert CALENDAR.elapsed(at(start), at(due)) == seconds


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 10, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone follows


@given(MOMENTS, st.integers(0, 60 * 8 * HOUR))
def test_what_is_added_has_elapsed(start: datetime, seconds: int) -> None:
    due = CALENDAR.add(start, seconds)
    assert CALENDAR.elapsed(start, due) == seconds
    assert CALENDAR.elapsed(due, start) == -seconds
    if seconds:  # the first such moment: a second before it, a second is lacking
        assert CALENDAR.elapsed(start, due - timedelta(seconds=1)) == seconds - 1
        assert CALENDAR.is_open(due - timedelta(microseconds=1))


@given(st.dates(date(2025, 3, 1), date(2026, 10, 1)), st.integers(1, 40))
def test_working_days_are_counted_back_and_forth(day: date, count: int) -> None:
    due = CALENDAR.add_days(day, count)
    between = (day + timedelta(days=number) for number in range(1, (due - day).days + 1))
    assert sum(map(CALENDAR.is_working_day, between)) == count
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.add_days(due, -count) <= day


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-25 09:00", True),
        ("2026-11-25 08:59", False),
        ("2026-11-25 12:00", False),  # the end is no part of the morning
        ("2026-11-25 13:00", True),
        ("2026-11-25 18:00", False),
        ("2026-02-17 10:00", False),
        ("2026-02-28 10:00", True),
    ],
)
def test_open_is_half_open(moment: str, is_open: bool) -> None:
    assert CALENDAR.is_open(at(moment)) is is_open


def test_a_year_without_a_file_is_counted_by_weekends_and_told() -> None:
    told: list[int] = []
    calendar = replace(CALENDAR, guessed=told.append)
    assert calendar.add(at("2026-12-31 17:00"), 2 * HOUR) == at("2027-01-01 10:00")
    assert calendar.elapsed(at("2026-12-31 17:00"), at("2027-01-05 10:00")) == (1 + 8 + 8 + 1) * HOUR
    assert set(told) == {2027}
    told.clear()
    assert calendar.add_days(date(2026, 12, 31), 2) == date(2027, 1, 4)
    assert not calendar.is_open(at("2026-12-31 23:59"))
    assert told == [2027] * 4


@pytest.mark.parametrize(
    ("today", "years", "days"),
    [
        ("2026-10-31", (), 0),
        ("2026-11-01", (2027,), 365),
        ("2027-01-31", (2027,), 335),
        ("2027-12-31", (2027, 2028), 1 + 366),
    ],
)
def test_the_next_year_is_missed_from_november_on(today: str, years: tuple[int, ...], days: int) -> None:
    day = date.fromisoformat(today)
    assert (missing_years({2026}, day), missing_days({2026}, day)) == (years, days)


def test_a_new_file_is_met_without_a_restart_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    folder = CalendarFolder(tmp_path, SHANGHAI, HOURS)
    with capture_logs() as logged:
        assert not folder.now().is_working_day(date(2030, 1, 5))
        assert folder.now().is_working_day(date(2030, 1, 1))
    assert [(line["log_level"], line["year"]) for line in logged] == [("warning", 2030)], "told once"
    (tmp_path / "2030.yaml").write_text(FINE, encoding="utf-8")
    assert folder.now().is_working_day(date(2030, 1, 5))
    (tmp_path / "2030.yaml").write_text("notice: nothing else", encoding="utf-8")
    with capture_logs() as logged:
        assert folder.now().is_working_day(date(2030, 1, 5))
    assert [line["log_level"] for line in logged] == ["error"]


FINE = """
notice: the notice of 2030
holidays:
  - {name: {en: New Year's Day}, first: 2030-01-01, last: 2030-01-01, make_up: [2030-01-05]}
half_days: {2030-12-31: ["09:00-12:00"]}
"""


def calendar_of(folder: Path, text: str) -> Calendar:
    (folder / "2030.yaml").write_text(text, encoding="utf-8")
    return read_calendar(folder, SHANGHAI, HOURS)


def test_a_half_day_has_hours_of_its_own(tmp_path: Path) -> None:
    calendar = calendar_of(tmp_path, FINE)
    assert calendar.elapsed(at("2030-12-30 00:00"), at("2030-12-31 23:00")) == (8 + 3) * HOUR
    assert calendar.is_open(at("2030-12-31 10:00"))
    assert not calendar.is_open(at("2030-12-31 14:00"))


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("2030-12-31:", "2031-12-31:", "5:13: 2031-12-31 is not a day of 2030"),
        ("last: 2030-01-01", "last: 2029-12-31", "2029-12-31 is not a day of 2030"),
        ("first: 2030-01-01", "first: 2030-01-02", "4:59: the last day comes before the first"),
        ("[2030-01-05]", "[2030-01-04]", "2030-01-04 is not a Saturday or Sunday"),
        ("[2030-01-05]", "[2030-02-30]", "'2030-02-30' is not a date"),
        ("2030-12-31:", "2030-12-29:", "2030-12-29 is not worked at all"),
        ('"09:00-12:00"', '"12:00-09:00"', "'12:00-09:00' is not a time span within one day"),
        ('"09:00-12:00"', '"09:00-12:00", "11:00-13:00"', "'11:00-13:00' begins before"),
        ("make_up:", "makeup:", "the key 'makeup' is unknown here"),
        ("half_days", "  - {name: {}, first: 2030-01-01, last: 2030-01-02}\nhalf_days", "off by another holiday"),
        ("notice: the notice of 2030", "notice：2030", "a full-width ："),
    ],
)
def test_a_file_that_contradicts_itself_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=r"2030\.yaml") as refused:
        calendar_of(tmp_path, FINE.replace(right, wrong, 1))
    assert told in str(refused.value)


def test_the_command_prints_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "2026"]) == 0
    shown = capsys.readouterr().out
    assert "2026-02-15 Sun to 2026-02-23 Mon  off: 春节" in shown
    assert "2026-02-14 Sat  worked in exchange" in shown
    assert main(["calendar", "2033"]) == 1
    assert "calendar/2033.yaml is missing" in capsys.readouterr().err
