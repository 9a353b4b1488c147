"""The lockout rules for wrong passwords. Pure: counters in, counters out."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

LockState = Literal["open", "locked", "branch"]


class LockoutRules(Protocol):
    """The lockout rules of one password in config.yaml; `locked_hours` None locks until the bank's next midnight."""

    @property
    def failures_a_day(self) -> int: ...
    @property
    def failures_in_row(self) -> int: ...
    @property
    def locked_hours(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class FailureCount:
    """The failure counters of one password, as stored in its row. `day` is an ISO date in the bank's zone."""

    day: str = ""
    failures_day: int = 0
    failures_row: int = 0
    locked_until: datetime | None = None
    branch_only: bool = False


def lock_state(count: FailureCount, now: datetime) -> LockState:
    """Whether a password may be tried."""
    if count.branch_only:
        return "branch"
    return "locked" if count.locked_until is not None and now < count.locked_until else "open"


def after_failure(count: FailureCount, rules: LockoutRules, now: datetime, zone: ZoneInfo) -> FailureCount:
    """The counters after one more wrong password. After a clock is set back, the later day's count is kept."""
    today = now.astimezone(zone).date().isoformat()
    is_new_day = today > count.day
    failures = 1 if is_new_day else count.failures_day + 1
    row = count.failures_row + 1
    until = _lock_end(rules, now, zone) if failures >= rules.failures_a_day else count.locked_until
    day = today if is_new_day else count.day
    return FailureCount(day, failures, row, until, count.branch_only or row >= rules.failures_in_row)


def after_success(count: FailureCount) -> FailureCount:
    """The counters after a right password: failures in a row are reset; failures of the day are kept."""
    return replace(count, failures_row=0)


def _lock_end(rules: LockoutRules, now: datetime, zone: ZoneInfo) -> datetime:
    if rules.locked_hours is not None:
        return now + timedelta(hours=rules.locked_hours)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)
