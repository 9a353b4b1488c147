"""Leases: a row is one worker's until its lease runs out, and keeps the moment at which it was due."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ivr.db import Database, look, work
from ivr.platform.jobs.leases import Work, claim
from ivr.platform.outbox.models import OutgoingText

DUE = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)

JOB: Work[OutgoingText, int] = Work(
    lambda now: select(OutgoingText).where(OutgoingText.is_due(now)).order_by(OutgoingText.id),
    LEASE,
    lambda _db, row, _now: None if row.key == "unreadable" else row.id,
    lambda _: None,
)


@pytest.fixture
def rows(database: Database) -> Database:
    """A row that cannot be read, and one that can; both are due at the same moment."""
    with work(database) as db:
        for number, key in enumerate(("unreadable", "good"), 1):
            db.add(
                OutgoingText(
                    id=number, key=key, recipient=b"", body=b"", state="waiting", created_at=DUE, due_at=DUE, tries=0
                )
            )
    return database


def _claim(database: Database, at: datetime) -> int | None:
    with work(database) as db:
        return claim(db, JOB, at)


def _stored(database: Database) -> list[tuple[datetime, datetime | None, int]]:
    with look(database) as db:
        found = select(OutgoingText.due_at, OutgoingText.lease_until, OutgoingText.tries).order_by(OutgoingText.id)
        return [(due_at, until, tries) for due_at, until, tries in db.execute(found)]


def test_a_row_is_not_taken_before_it_is_due(rows: Database) -> None:
    assert _claim(rows, DUE - SECOND) is None
    assert _stored(rows) == [(DUE, None, 0)] * 2


def test_a_claim_keeps_when_the_row_was_due(rows: Database) -> None:
    late = DUE + timedelta(hours=1)
    assert _claim(rows, late) == 2
    assert _stored(rows) == [(DUE, late + LEASE, 1)] * 2


def test_a_row_whose_lease_ran_out_is_taken_again_and_no_sooner(rows: Database) -> None:
    assert [_claim(rows, DUE + after) for after in (0 * LEASE, LEASE - SECOND, LEASE)] == [2, None, 2]
    assert _stored(rows) == [(DUE, DUE + 2 * LEASE, 2)] * 2


def test_a_later_time_that_was_written_under_a_lease_outlives_it(rows: Database) -> None:
    """The worker put the row off and died before it gave the lease back: the row waits for the later of both."""
    assert _claim(rows, DUE) == 2
    later = DUE + timedelta(minutes=5)
    with work(rows) as db:
        db.get_one(OutgoingText, 2).due_at = later
    assert [_claim(rows, at) for at in (DUE + LEASE, later - SECOND, later)] == [None, None, 2]


def test_a_lease_that_is_given_back_frees_the_row_at_once(rows: Database) -> None:
    assert _claim(rows, DUE) == 2
    with work(rows) as db:
        db.get_one(OutgoingText, 2).lease_until = None
    assert _claim(rows, DUE + SECOND) == 2
