"""The lockout rules for wrong passwords, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.bank.customers.lockout import FailureCount, LockoutRules, after_failure, after_success, lock_state
from ivr.foundation.config.verification import QueryRules, TransactionRules

ZONE = ZoneInfo("Asia/Shanghai")
QUERY = QueryRules(failures_a_day=5, failures_in_row=10)
TRANSACTION = TransactionRules(failures_a_day=3, failures_in_row=6, locked_hours=24)
MORNING = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # ten o'clock at the bank
MIDNIGHT = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # the next 00:00 +08:00


def _failed(
    times: int, rules: LockoutRules = QUERY, now: datetime = MORNING, count: FailureCount | None = None
) -> FailureCount:
    count = count or FailureCount()
    for _ in range(times):
        count = after_failure(count, rules, now, ZONE)
    return count


@pytest.mark.parametrize(
    ("rules", "failures", "expected"),
    [
        (QUERY, 0, "open"),
        (QUERY, 4, "open"),
        (QUERY, 5, "locked"),
        (QUERY, 9, "locked"),
        (QUERY, 10, "branch"),
        (TRANSACTION, 2, "open"),
        (TRANSACTION, 3, "locked"),
        (TRANSACTION, 5, "locked"),
        (TRANSACTION, 6, "branch"),
    ],
)
def test_what_so_many_failures_in_a_day_cost(rules: LockoutRules, failures: int, expected: str) -> None:
    assert lock_state(_failed(failures, rules), MORNING) == expected


@pytest.mark.parametrize(
    ("rules", "failures", "until"),
    [
        (QUERY, 5, MIDNIGHT),
        (TRANSACTION, 3, MORNING + timedelta(hours=24)),
    ],
)
def test_until_when_a_lock_lasts(rules: LockoutRules, failures: int, until: datetime) -> None:
    count = _failed(failures, rules)
    assert count.locked_until == until
    assert lock_state(count, until - timedelta(seconds=1)) == "locked"
    assert lock_state(count, until) == "open"


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 3, 4, 15, 59, 59, tzinfo=UTC), MIDNIGHT),
        (datetime(2026, 3, 4, 16, 0, 0, tzinfo=UTC), MIDNIGHT + timedelta(days=1)),
    ],
    ids=["a second before midnight", "at midnight"],
)
def test_the_day_is_the_banks_and_not_utcs(at: datetime, until: datetime) -> None:
    assert _failed(5, QUERY, at).locked_until == until


def test_a_new_day_counts_anew_but_the_row_goes_on() -> None:
    count = _failed(4)
    later = _failed(4, QUERY, MORNING + timedelta(days=1), count)
    assert (later.failures_day, later.failures_row, lock_state(later, MORNING)) == (4, 8, "open")
    assert lock_state(_failed(2, QUERY, MORNING + timedelta(days=2), later), MORNING + timedelta(days=2)) == "branch"


def test_the_right_password_breaks_the_row_and_forgives_no_day() -> None:
    count = after_success(_failed(4))
    assert (count.failures_day, count.failures_row) == (4, 0)
    assert lock_state(_failed(1, count=count), MORNING) == "locked"


def test_a_clock_set_back_forgives_nothing() -> None:
    count = _failed(4)
    assert lock_state(_failed(1, QUERY, MORNING - timedelta(days=1), count), MORNING - timedelta(days=1)) == "locked"


def test_only_a_branch_opens_what_is_locked_for_good() -> None:
    assert lock_state(replace(_failed(10), locked_until=None), MORNING + timedelta(days=4000)) == "branch"
