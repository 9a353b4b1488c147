"""The exchange's only clocks: wall-clock time for records, a monotonic clock for waiting."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds of a monotonic clock; only differences are meaningful."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Sleeps, like the delay between two keys pressed by a person."""
    time.sleep(seconds)


def rfc2822(moment: datetime | None) -> str | None:
    """As Twilio writes dates, e.g. Tue, 24 Nov 2026 02:40:00 +0000."""
    return None if moment is None else format_datetime(moment)


def iso(moment: datetime) -> str:
    """As the phone API writes times, to the millisecond."""
    return moment.isoformat(timespec="milliseconds")
