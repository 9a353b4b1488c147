"""Locks are taken in one order, and one that is held again costs nothing."""

import pytest
from sqlalchemy.orm import Session

from ivr.db import Database
from ivr.db.locks import Lock, OutOfOrder, Policy, advisory_lock, note_lock


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
    with database.begin() as connection, Session(connection) as db:
        advisory_lock(db, Lock.QUEUE, "a")
        advisory_lock(db, Lock.MONEY, "a")


def test_the_next_transaction_of_a_connection_holds_nothing(database: Database) -> None:
    for _ in range(2):
        with database.turn() as transaction, Session(transaction.connection) as db:
            advisory_lock(db, Lock.CALLER, b"x")
            advisory_lock(db, Lock.TEXT, b"x")
