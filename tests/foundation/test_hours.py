"""Opening hours: entries by day, over midnight, holidays and clock changes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.foundation.hours import Days, Table, read_hours, table_faults

BUSINESS: Table = {
    "mon-fri": ["09:00-12:00", "13:00-17:30"],
    "sat-sun": ["10:00-16:00"],
    "holidays": "closed",
    "make_up": "mon",
    "2026-12-31": ["09:00-12:00"],
    "2026-10-08": ["10:00-11:00"],
}
HOLIDAYS = [f"2026-10-0{day}" for day in range(1, 9)]
DAYS = Days(HOLIDAYS, ["2026-10-10"])
NIGHT: Table = {"mon-thu": ["22:00-06:00"], "holidays": "closed", "sun": ["20:00-24:00"]}


@pytest.mark.parametrize(
    ("table", "at", "is_open"),
    [
        (BUSINESS, "2026-09-30 09:00", True),
        (BUSINESS, "2026-09-30 12:00", False),
        (BUSINESS, "2026-09-30 17:29", True),
        (BUSINESS, "2026-10-01 10:00", False),  # a holiday
        (BUSINESS, "2026-10-08 10:30", True),  # a holiday with a line of its own
        (BUSINESS, "2026-10-10 16:59", True),  # a Saturday that is worked like a Monday
        (BUSINESS, "2026-10-11 16:59", False),
        (BUSINESS, "2026-12-31 11:59", True),
        (BUSINESS, "2026-12-31 14:00", False),  # half a day
        (NIGHT, "2026-09-29 23:00", True),
        (NIGHT, "2026-09-30 05:59", True),
        (NIGHT, "2026-09-30 06:00", False),
        (NIGHT, "2026-10-01 05:59", True),  # the night that began before the holiday
        (NIGHT, "2026-10-01 22:00", False),
        (NIGHT, "2026-10-02 03:00", False),  # nothing began on the holiday
        (NIGHT, "2026-09-27 23:59", True),
        (NIGHT, "2026-09-28 00:00", False),  # until 24:00, and Sunday is no night
        ({"mon-sun": ["00:00-24:00"]}, "2026-10-01 03:00", True),  # 24-hour lines know no holiday
        ({"mon-sat": ["09:00-17:00"], "sun": [], "holidays": "sun"}, "2026-10-01 10:00", False),
        ({"mon-fri": ["09:00-17:00"], "holidays": ["10:00-11:00"]}, "2026-10-01 10:30", True),
    ],
)
def test_a_moment_is_open_or_not(table: Table, at: str, is_open: bool) -> None:
    assert read_hours(table, DAYS).open_at(datetime.fromisoformat(at)) is is_open


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-20", 8)])
def test_a_night_is_the_clock_on_the_wall_when_clocks_change(day: str, hours: int) -> None:
    """Europe loses an hour of the night at the end of March and has one twice at the end of October."""
    zone = ZoneInfo("Europe/Berlin")
    table = read_hours({"sat": ["22:00-06:00"]})
    begin = datetime.fromisoformat(day).replace(hour=12, tzinfo=zone).astimezone(ZoneInfo("UTC"))
    minutes = (begin + timedelta(minutes=each) for each in range(24 * 60))
    assert sum(table.open_at(each.astimezone(zone)) for each in minutes) == hours * 60


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"fri-mon": ["09:00-17:30"]}, "'fri-mon' is not a weekday, weekday range or date"),
        ({"2026-02-30": "closed"}, "'2026-02-30' is not a weekday"),
        ({"holiday": "closed"}, "'holiday' is not a weekday"),
        ({"mon-fri": ["9:00-17:30"]}, "'9:00-17:30' is not a time range; write 09:00-17:30, or 22:00-06:00"),
        ({"mon-fri": ["09:00-25:00"]}, "is not a time range"),
        ({"mon-fri": ["09:00-09:00"]}, "00:00-24:00 is the whole day"),
        ({"mon-fri": ["24:00-06:00"]}, "is not a time range"),
        ({"mon-fri": "tue"}, "'tue' is not a time span; write closed or"),
        ({"2026-10-10": "monday"}, "'monday' is not a time span; write closed, mon for hours as on a Monday, or"),
        ({"holidays": "open"}, "'open' is not a time span"),
        ({"mon-fri": ["09:00-17:30"], "fri": ["09:00-16:00"]}, "'fri' is in 'mon-fri' already"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(table: Table, told: str) -> None:
    assert told in next(f"{each.problem}; {each.remedy}" for each in table_faults(table))
    with pytest.raises(ValueError, match=r"write"):
        read_hours(table)


def test_a_day_that_a_date_shuts_is_known_from_one_that_is_always_shut() -> None:
    hours = read_hours({"mon-sat": ["09:00-17:30"], "holidays": "closed"}, DAYS)
    shut = [day for day in (date(2026, 10, 1) + timedelta(days=n) for n in range(8)) if hours.closed_by_date(day)]
    assert [each.isoformat() for each in shut] == [each for each in HOLIDAYS if each != "2026-10-04"]
