"""How long a session lasts. Pure."""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
FOR_THE_CODE = timedelta(minutes=5)
SEEN_EVERY = timedelta(seconds=30)  # a request notes that somebody is there no more often than this


def is_over(stage: str, started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has ended by itself: idle, too long, or no code was keyed in time."""
    if stage == "code":
        return now - started_at >= FOR_THE_CODE
    return now - seen_at >= IDLE or now - started_at >= LONGEST


def should_note(seen_at: datetime, now: datetime) -> bool:
    """Whether this request is worth writing down."""
    return now - seen_at >= SEEN_EVERY
