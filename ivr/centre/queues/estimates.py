"""How long a caller will wait, reckoned from who is ahead; what has been told only ever falls. Pure."""

import math


def expected_wait_seconds(ahead: int, agents: int, talk_seconds: int) -> int:
    """Seconds until an agent is free: the callers ahead and this one, shared among the agents on duty."""
    return math.ceil((ahead + 1) * talk_seconds / max(agents, 1))


def to_tell_seconds(expected: int, told: int | None) -> int:
    """What is said now: never more than what was said before."""
    return expected if told is None else min(expected, told)


def minutes(seconds: int) -> int:
    """Whole minutes to say, rounded up, one at least."""
    return max(1, math.ceil(seconds / 60))
