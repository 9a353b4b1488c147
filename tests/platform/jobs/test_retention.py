"""What is over is forgotten: what calls knew after a day, rows that no rule looks at any more later."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.bank.customers.models import Attempt, Lockout, OneTimeCode
from ivr.calls.models import Call, TurnRecord
from ivr.calls.retention import erase
from ivr.centre.queues.models import CallbackRow, QueuedCall
from ivr.db import Database
from ivr.domains import RETENTION
from ivr.foundation.crypto import Keyring
from ivr.platform.jobs.retention import AT_ONCE, erase_all
from ivr.platform.outbox import texts

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def _call(db: Session, name: str, started: timedelta, ended: timedelta | None) -> None:
    db.add(
        Call(
            call=name, turn=1, bundle="b", state=b"sealed", caller=b"sealed", language="en", started_at=NOW + started,
            ended_at=None if ended is None else NOW + ended, ending="",
        )
    )  # fmt: skip
    db.add(TurnRecord(call=name, turn=0, at=0, answer=b"sealed", trail="[]"))


def test_calls_are_forgotten_a_day_after_their_end(database: Database) -> None:
    hour = timedelta(hours=1)
    with database.begin() as connection, Session(connection) as db:
        _call(db, "ended a day ago", -26 * hour, -24 * hour - timedelta(seconds=1))
        _call(db, "ended today", -26 * hour, -23 * hour)
        _call(db, "goes on", -hour, None)
        _call(db, "its end was never told", -49 * hour, None)
        db.flush()
    assert erase(database, NOW) == 2
    assert erase(database, NOW) == 0
    with database.begin() as connection:
        kept = connection.execute(text("select call from calls where caller is not null order by call"))
        assert [row[0] for row in kept] == ["ended today", "goes on"]
        answers = connection.execute(text("select call from turns where answer is not null order by call"))
        assert [row[0] for row in answers] == ["ended today", "goes on"]
        assert connection.execute(text("select count(*) from turns where trail = '[]'")).scalar() == 4


def _rows_of_age(db: Session, keyring: Keyring, age: timedelta) -> None:
    """A try, a stay in a queue, a text and two lockouts, one of them for the branch alone, of so long ago."""
    at = NOW - age
    db.add(Attempt(at=at, call="CA1", caller_index=b"x", subject="wang", kind="query", right=True))
    db.add(
        QueuedCall(
            call="CA1", queue="general", state="answered", language="en", level="none", entered_at=at,
            rank_at=at, left_at=at,
            seen_at=at,
        )
    )  # fmt: skip
    texts.post(db, keyring, key=f"text {age}", recipient="+8613800138000", body="body", now=at)
    db.add(Lockout(subject=f"nobody:{age.days}", kind="query", day=at.date().isoformat()))
    db.add(Lockout(subject=f"wang {age.days}", kind="query", day=at.date().isoformat(), branch_only=True))


def _code_sent(db: Session, at: datetime) -> None:
    db.add(
        OneTimeCode(
            call="CA1", customer_id="wang", binding=b"b", digest=b"d", sent_at=at, expires_at=at, state="used",
        )
    )  # fmt: skip


def _callback(db: Session, call: str, state: str, at: datetime) -> None:
    db.add(
        CallbackRow(
            call=call, queue="general", state=state, number=b"n", number_index=b"i", problem="p", language="en",
            consented_at=at, created_at=at,
        )
    )  # fmt: skip


def test_rows_that_no_rule_looks_at_any_more_are_deleted(database: Database, keyring: Keyring) -> None:
    """Tries, codes, texts, stays in a queue, callbacks that were made; what is open or recent stays."""
    day = timedelta(days=1)
    with database.begin() as connection, Session(connection) as db:
        for age in (91 * day, 89 * day):
            _rows_of_age(db, keyring, age)
        for age in (31 * day, 29 * day):
            _code_sent(db, NOW - age)
        _callback(db, "CA0", "completed", NOW - 200 * day)
        _callback(db, "CA1", "requested", NOW - 200 * day)
        db.flush()
        db.execute(text("update outgoing_texts set state = 'sent'"))
    assert erase_all(RETENTION, database, NOW) == 6
    assert erase_all(RETENTION, database, NOW) == 0
    with database.begin() as connection:
        kept = {
            table: connection.execute(text(f"select count(*) from {table}")).scalar()  # noqa: S608 - a list of our own
            for table in ("attempts", "queued_calls", "outgoing_texts", "one_time_codes", "callbacks", "lockouts")
        }
    assert kept == {
        "attempts": 1, "queued_calls": 1, "outgoing_texts": 1, "one_time_codes": 1, "callbacks": 1, "lockouts": 3,
    }  # fmt: skip


def _kept_in_front(db: Session, keyring: Keyring, number: int) -> None:
    """A callback still owed, a text that never left and a stay that nobody ended, all of long ago."""
    at = NOW - timedelta(days=300)
    _callback(db, f"CA open {number}", "requested", at)
    texts.post(db, keyring, key=f"unsent {number}", recipient="+8613800138000", body="body", now=at)
    db.add(
        QueuedCall(
            call=f"CA open {number}", queue="general", state="waiting", language="en", level="none", entered_at=at,
            rank_at=at,
            seen_at=at,
        )
    )  # fmt: skip


def test_what_must_stay_keeps_nothing_behind_it(database: Database, keyring: Keyring) -> None:
    """More rows than one transaction looks at, with what may go behind them, and nobodies in more than one batch."""
    old = NOW - timedelta(days=200)
    with database.begin() as connection, Session(connection) as db:
        for number in range(AT_ONCE + 1):
            _kept_in_front(db, keyring, number)
        db.flush()
        _rows_of_age(db, keyring, NOW - old)
        _callback(db, "CA0", "completed", old)
        for number in range(AT_ONCE):
            db.add(Lockout(subject=f"nobody:more {number}", kind="query", day=old.date().isoformat()))
        db.flush()
        db.execute(text("update outgoing_texts set state = 'sent' where key like 'text %'"))
    nobodies, others = AT_ONCE + 1, 4
    assert erase_all(RETENTION, database, NOW) == nobodies + others
    with database.begin() as connection:
        for table in ("callbacks", "outgoing_texts", "queued_calls"):
            left = connection.execute(text(f"select count(*) from {table}")).scalar()  # noqa: S608 - names of our own
            assert left == AT_ONCE + 1, table


def test_erasing_reads_the_calls_that_are_left_and_no_others(sqlite_database: Database) -> None:
    """What was erased already is not looked through again under the write lock."""
    with sqlite_database.begin() as connection:
        plan = connection.execute(
            text(
                "explain query plan select call from calls where erased = 0 and started_at < '2026' "
                "and (ended_at < '2026' or started_at < '2026') order by started_at limit 200"
            )
        )
        assert "ix_calls_kept" in str(plan.all())
