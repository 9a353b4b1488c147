"""Locks are taken in one order, and one that is held again costs nothing."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from ivr.db import Database, look, work
from ivr.db.locks import Lock, OutOfOrder, Policy, advisory_lock, note_lock
from ivr.foundation.crypto import Keyring
from ivr.platform.audit import log as audit

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def test_locks_in_their_order_and_again_are_fine(database: Database) -> None:
    with database.begin() as connection, Session(connection) as db:
        advisory_lock(db, Lock.CALLER, b"x")
        advisory_lock(db, Lock.MONEY, "a")
        advisory_lock(db, Lock.MONEY, "b")
        assert note_lock(db, Lock.BANK_CUSTOMER, b"a")
        assert not note_lock(db, Lock.CALLER, b"x")  # held already


@pytest.mark.parametrize(
    ("first", "second"),
    [((Lock.QUEUE, "a"), (Lock.MONEY, "a")), ((Lock.MONEY, "b"), (Lock.MONEY, "a"))],
    ids=["another kind", "another subject"],
)
def test_a_lock_out_of_order_is_refused_in_tests(
    database: Database, first: tuple[Lock, str], second: tuple[Lock, str]
) -> None:
    with database.begin() as connection, Session(connection) as db:
        advisory_lock(db, *first)
        with pytest.raises(OutOfOrder):
            advisory_lock(db, *second)


def test_where_a_caller_is_on_the_line_it_is_taken_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Policy, "raises", False)
    with capture_logs() as logged, database.begin() as connection, Session(connection) as db:
        advisory_lock(db, Lock.QUEUE, "a")
        advisory_lock(db, Lock.MONEY, "a")
        assert not note_lock(db, Lock.MONEY, b"a"), "it is held"
    assert [(line["log_level"], line["lock"], line["held"]) for line in logged] == [("error", "MONEY", "QUEUE")]


def test_the_next_transaction_of_a_connection_holds_nothing(database: Database) -> None:
    for _ in range(2):
        with database.turn() as transaction, Session(transaction.connection) as db:
            assert note_lock(db, Lock.CALLER, b"x")
            assert note_lock(db, Lock.TEXT, b"x")


def test_the_head_of_the_audit_log_is_locked_last_of_all(database: Database, keyring: Keyring) -> None:
    assert max(Lock) is Lock.AUDIT
    with work(database) as db:
        audit.append(db, keyring, at=NOW, actor="a", deed="d", subject="s", details={})
        with pytest.raises(OutOfOrder, match="SIGN_IN was taken while AUDIT"):
            advisory_lock(db, Lock.SIGN_IN, "a")


def test_an_audit_line_that_is_put_off_is_written_when_all_else_is_done(database: Database, keyring: Keyring) -> None:
    with work(database) as db:
        audit.append_last(db, keyring, at=NOW, actor="a", deed="d", subject="s", details={})
        advisory_lock(db, Lock.SIGN_IN, "a")
        assert audit.head(db)[0] == 0
    with look(database) as db:
        assert audit.head(db)[0] == 1
