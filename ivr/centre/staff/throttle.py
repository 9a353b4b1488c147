"""How often somebody may try to sign in. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

FAILURES = 5
WITHIN = timedelta(minutes=15)
LOCKED = timedelta(minutes=15)
LOOK_BACK = WITHIN + LOCKED  # older failures decide nothing


def locked_until(failures: Sequence[datetime], now: datetime) -> datetime | None:
    """Until when tries are refused. `failures`: times of the wrong tries since the last sign-in that succeeded."""
    ordered = sorted(failures)
    ends = [
        last + LOCKED
        for first, last in zip(ordered, ordered[FAILURES - 1 :], strict=False)
        if last - first < WITHIN and now < last + LOCKED
    ]
    return max(ends, default=None)


def tries_left(failures: Sequence[datetime], now: datetime) -> int:
    """How many more wrong tries are free before the lock."""
    recent = sum(1 for at in failures if now - at < WITHIN)
    return max(0, FAILURES - recent)
