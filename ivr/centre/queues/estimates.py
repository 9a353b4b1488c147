"""The wait that is told to a caller: reckoned from the callers ahead, said as a band, compared with what came. Pure."""

import math
from dataclasses import dataclass

PATIENCE_SECONDS = 180.0  # mean wait after which callers hang up or book a callback
LEAST_AGENTS = 0.5  # counted where those who serve a queue are nearly all taken up by others
LOW, HIGH = 0.75, 1.25  # of the expected wait: the ends of the band
BROKEN_AFTER_SECONDS = 60  # a promise is broken when the wait took so much longer than the long end


def expected_wait_seconds(ahead: int, agents: float, handling_seconds: float, patience: float | None = None) -> int:
    """Expected seconds until it is this caller's turn.

    The sum over the places k, from 0 to `ahead`, of handling / (agents + k * handling / patience): place k becomes free
    when an agent does, or when one of the k callers before it leaves. `agents` may be a fraction: who serves several
    queues is counted by the share.
    """
    leaving = handling_seconds / (patience or PATIENCE_SECONDS)
    serving = max(agents, LEAST_AGENTS)
    return math.ceil(sum(handling_seconds / (serving + place * leaving) for place in range(ahead + 1)))


def to_tell_seconds(expected: int, told: int | None, *, staff_changed: bool) -> int:
    """The wait to announce: never more than announced before, unless the staff of the queue has changed since."""
    return expected if told is None or staff_changed else min(expected, told)


@dataclass(frozen=True, slots=True)
class Band:
    """A wait as it is said: from `low` to `high` whole minutes."""

    low: int
    high: int


def band(seconds: int) -> Band:
    """The band of an expected wait; at least "one to two minutes", and never of one value."""
    low = max(1, math.floor(seconds * LOW / 60))
    return Band(low, max(low + 1, math.ceil(seconds * HIGH / 60)))


def is_broken(told_high_seconds: int, came_seconds: float) -> bool:
    """Whether the wait took more than a minute longer than was told."""
    return came_seconds > told_high_seconds + BROKEN_AFTER_SECONDS
