"""The throttle of sign-in attempts. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

FAILURES = 5
WITHIN = timedelta(minutes=15)
LOCKED = timedelta(minutes=15)
LOOK_BACK = WITHIN + LOCKED  # older failures have no effect


def locked_until(failures: Sequence[datetime], now: datetime) -> datetime | None:
    """The end of the lock, if any. `failures`: times of the wrong attempts since the last successful sign-in."""
    ordered = sorted(failures)
    ends = [
        last + LOCKED
        for first, last in zip(ordered, ordered[FAILURES - 1 :], strict=False)
        if last - first < WITHIN and now < last + LOCKED
    ]
    return max(ends, default=None)


def tries_left(failures: Sequence[datetime], now: datetime) -> int:
    """The number of wrong attempts left before the lock."""
    recent = sum(1 for at in failures if now - at < WITHIN)
    return max(0, FAILURES - recent)
