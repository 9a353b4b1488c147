"""The only clock of the product. All other code takes the time as an argument."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds of a monotonic clock; only differences are meaningful."""
    return time.monotonic()
