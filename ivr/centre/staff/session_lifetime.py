"""The lifetime of a session. Pure."""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
FOR_THE_CODE = timedelta(minutes=5)
SEEN_EVERY = timedelta(seconds=30)  # activity is recorded at most this often


def is_over(stage: str, started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has expired: idle, too old, or without a code in time."""
    if stage == "code":
        return now - started_at >= FOR_THE_CODE
    return now - seen_at >= IDLE or now - started_at >= LONGEST


def should_note(seen_at: datetime, now: datetime) -> bool:
    """Whether this request's activity should be recorded."""
    return now - seen_at >= SEEN_EVERY
