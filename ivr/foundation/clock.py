"""The only clock. Everything else takes the time as an argument."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds that only ever go on, from an unknown beginning: for intervals."""
    return time.monotonic()
