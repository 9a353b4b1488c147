"""A promise to call back: never without a number, a problem and consent, and one at a time for each number."""

from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.queues import callbacks
from ivr.centre.queues.models import CallbackRow
from ivr.db import Database
from ivr.foundation.crypto import Keyring

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
MOBILE, LANDLINE = "+8613800138000", "+862168880000"
_CALLS = count(1)


def book(
    db: Session,
    keyring: Keyring,
    number: str = MOBILE,
    *,
    call: str = "",
    problem: str = "a card",
) -> str:
    return callbacks.book(
        db,
        keyring,
        call=call or f"CA{next(_CALLS):032x}",
        number=number,
        queue="general",
        problem=problem,
        language="en",
        customer_id=None,
        consented_at=NOW,
    )


def test_what_is_stored_is_the_number_sealed_the_problem_and_the_time_of_consent(
    database: Database, keyring: Keyring
) -> None:
    with Session(database.durable) as db:
        assert book(db, keyring, "02168880000", call="CA1") == "booked"
        row = db.scalars(select(CallbackRow)).one()
        assert keyring.open_text("callbacks.number|CA1", row.number) == LANDLINE
        assert LANDLINE.encode() not in row.number
        assert (row.state, row.queue, row.problem, row.language) == ("requested", "general", "a card", "en")
        assert (row.consented_at, row.created_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("number", "problem"), [("+12025550123", "a card"), ("", "a card"), ("anonymous", "a card"), (MOBILE, "  ")]
)
def test_nothing_is_promised_without_a_number_to_call_or_a_problem(
    sqlite_database: Database, keyring: Keyring, number: str, problem: str
) -> None:
    with Session(sqlite_database.durable) as db:
        assert book(db, keyring, number, problem=problem) == "invalid"
        assert db.scalars(select(CallbackRow)).all() == []


def test_a_call_books_once(database: Database, keyring: Keyring) -> None:
    """The webhook may come twice, and the caller may have named another number before."""
    with Session(database.durable) as db:
        assert [book(db, keyring, number, call="CA1") for number in (MOBILE, MOBILE, LANDLINE)] == ["booked"] * 3
        row = db.scalars(select(CallbackRow)).one()
        assert keyring.open_text("callbacks.number|CA1", row.number) == MOBILE


@pytest.mark.parametrize(
    ("state", "expected"),
    [("requested", "already"), ("assigned", "already"), ("completed", "booked"), ("cancelled", "booked")],
)
def test_a_number_is_owed_one_callback_at_a_time(
    database: Database, keyring: Keyring, state: str, expected: str
) -> None:
    """However it is written; another number is owed its own."""
    with Session(database.durable) as db:
        assert book(db, keyring, MOBILE) == "booked"
        db.scalars(select(CallbackRow)).one().state = state
        db.flush()
        assert book(db, keyring, "13800138000") == expected
        assert book(db, keyring, LANDLINE) == "booked"
