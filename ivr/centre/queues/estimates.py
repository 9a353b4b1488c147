"""Expected waiting time from the callers ahead; the announced value never rises. Pure."""

import math


def expected_wait_seconds(ahead: int, agents: int, talk_seconds: int) -> int:
    """Expected seconds until an agent is free: (callers ahead + 1) * talk time / agents on duty."""
    return math.ceil((ahead + 1) * talk_seconds / max(agents, 1))


def to_tell_seconds(expected: int, told: int | None) -> int:
    """The wait to announce: never more than announced before."""
    return expected if told is None else min(expected, told)


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up, at least one."""
    return max(1, math.ceil(seconds / 60))
