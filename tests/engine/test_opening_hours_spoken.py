"""Opening hours as callers hear them: runs of equal days, and the clock of each language."""

import pytest

from ivr.engine.speech.value_formats import opening_hours
from ivr.foundation.hours import read_hours

CASES = [
    ({"mon-sun": ("09:00-21:00",)}, "每日上午九点到晚上九点", "every day from 9:00 a.m. to 9:00 p.m."),
    ({"mon-sun": ("00:00-24:00",)}, "每日二十四小时", "every day 24 hours"),
    (
        {"mon-fri": ("09:00-17:30",), "sat-sun": ("10:00-16:00",)},
        "周一到周五上午九点到下午五点三十分，周六到周日上午十点到下午四点",
        "Monday to Friday from 9:00 a.m. to 5:30 p.m., and Saturday to Sunday from 10:00 a.m. to 4:00 p.m.",
    ),
    (
        {"mon": ("08:00-12:00", "14:00-24:00")},
        "周一上午八点到中午十二点和下午两点到晚上十二点",
        "Monday from 8:00 a.m. to noon and from 2:00 p.m. to midnight",
    ),
    ({}, "另行通知的时间", "at times to be announced"),
]


@pytest.mark.parametrize(("table", "chinese", "english"), CASES)
def test_hours_are_spoken(table: dict[str, tuple[str, ...]], chinese: str, english: str) -> None:
    week = read_hours(table).week
    assert opening_hours(week, "zh-CN") == chinese
    assert opening_hours(week, "en") == english
