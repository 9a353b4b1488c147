"""Opening hours of a usual week, grouped into runs of equal days."""

from collections.abc import Iterator
from datetime import time

Week = tuple[tuple[tuple[int, int], ...], ...]
"""For each weekday (0 is Monday) its spans, in minutes of the day."""
FULL_DAY = ((0, 24 * 60),)


def runs(week: Week) -> Iterator[tuple[int, int, tuple[tuple[int, int], ...]]]:
    """(first day, last day, spans) for each run of days with the same spans; closed days are left out."""
    first = 0
    for day in range(1, len(week) + 1):
        if day == len(week) or week[day] != week[first]:
            if week[first]:
                yield first, day - 1, week[first]
            first = day


def hour(minute: int) -> time:
    """The time of a minute of the day; 24:00 is midnight."""
    return time(minute // 60 % 24, minute % 60)
