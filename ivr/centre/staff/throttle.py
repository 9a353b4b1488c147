"""How often somebody may try to sign in: four limits, each over a quarter of an hour. Pure.

A stranger who keys a colleague's name wrongly on purpose locks that name out at the stranger's own address alone, and
a browser in which the colleague signed in before not at all. The limits of a name and of an address over everything
stand against many addresses that guess at one name, and against one address that guesses at many names.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

FROM_ONE_PLACE = 5  # wrong tries for one name from one address, or from one browser that signed it in before
FOR_A_NAME = 50  # for one name, from all addresses together
FROM_AN_ADDRESS = 100  # from one address, for all names together: a branch may share one
WITHIN = timedelta(minutes=15)
LOCKED = timedelta(minutes=15)
LOOK_BACK = WITHIN + LOCKED  # older failures have no effect


def locked_until(failures: Sequence[datetime], most: int, now: datetime) -> datetime | None:
    """Until when tries are refused after `most` wrong ones within a quarter of an hour; None where they are not."""
    ordered = sorted(failures)
    ends = [
        last + LOCKED
        for first, last in zip(ordered, ordered[most - 1 :], strict=False)
        if last - first < WITHIN and now < last + LOCKED
    ]
    return max(ends, default=None)


def tries_left(failures: Sequence[datetime], most: int, now: datetime) -> int:
    """The number of wrong attempts left before the lock."""
    recent = sum(1 for at in failures if now - at < WITHIN)
    return max(0, most - recent)
