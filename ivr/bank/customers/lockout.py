"""When wrong passwords lock (trust.md, "Who is calling"). Pure: counters in, counters out."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

LockState = Literal["open", "locked", "branch"]


class Rules(Protocol):
    """The rules of one password in config.yaml; `locked_hours` None locks until the next midnight of the bank."""

    @property
    def failures_a_day(self) -> int: ...
    @property
    def failures_in_row(self) -> int: ...
    @property
    def locked_hours(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Count:
    """The counters of one password, as its row holds them. `day` is an ISO date of the bank."""

    day: str = ""
    failures_day: int = 0
    failures_row: int = 0
    locked_until: datetime | None = None
    branch_only: bool = False


def lock_state(count: Count, now: datetime) -> LockState:
    """Whether a password may be tried."""
    if count.branch_only:
        return "branch"
    return "locked" if count.locked_until is not None and now < count.locked_until else "open"


def after_failure(count: Count, rules: Rules, now: datetime, zone: ZoneInfo) -> Count:
    """One more wrong password. A clock that was set back keeps the later day's count, so it forgives nothing."""
    today = now.astimezone(zone).date().isoformat()
    is_new_day = today > count.day
    failures = 1 if is_new_day else count.failures_day + 1
    row = count.failures_row + 1
    until = _lock_end(rules, now, zone) if failures >= rules.failures_a_day else count.locked_until
    day = today if is_new_day else count.day
    return Count(day, failures, row, until, count.branch_only or row >= rules.failures_in_row)


def after_success(count: Count) -> Count:
    """The right password: the row of failures is broken; those of the day stay counted."""
    return replace(count, failures_row=0)


def _lock_end(rules: Rules, now: datetime, zone: ZoneInfo) -> datetime:
    if rules.locked_hours is not None:
        return now + timedelta(hours=rules.locked_hours)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)
