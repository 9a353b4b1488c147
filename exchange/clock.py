"""The exchange's only clocks: the wall clock for what is written down, a steady one for waiting."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds of a clock that never jumps; only differences mean anything."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Let so much time pass, as a person's hand does between two keys."""
    time.sleep(seconds)


def rfc2822(moment: datetime | None) -> str | None:
    """As Twilio writes dates, e.g. Tue, 24 Nov 2026 02:40:00 +0000."""
    return None if moment is None else format_datetime(moment)


def iso(moment: datetime) -> str:
    """As the phone API writes times, to the millisecond."""
    return moment.isoformat(timespec="milliseconds")
