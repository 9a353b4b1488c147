"""Which calling numbers are sent to agents: those that name, or fail for, too many; by proofs alone."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from ivr.bank.customers import verification
from ivr.bank.customers.verification import VerificationAttempt
from ivr.db import Database
from ivr.foundation.config import CallerNumberRules

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
RULES = CallerNumberRules(failures_an_hour=2, customers_an_hour=2)


def _blocked(database: Database, noted: list[tuple[str, str]], *, right: bool = True) -> bool:
    """Whether a number is blocked for wang after these tries, each a subject and a kind."""
    with database.begin() as connection, Session(connection) as db:
        for subject, kind in noted:
            verification.note(db, VerificationAttempt("CA1", b"number", subject, "query", NOW), kind, right)
        db.flush()
        return verification.caller_blocked(db, RULES, VerificationAttempt("CA2", b"number", "wang", "query", NOW))


@pytest.mark.parametrize("kind", ["identify", "query", "transaction"])
def test_one_customer_too_many_is_blocked(database: Database, kind: str) -> None:
    assert not _blocked(database, [("li", kind)])
    assert _blocked(database, [("li", kind), ("chen", kind)])


@pytest.mark.parametrize("kind", ["callback", "loss"])
def test_a_callback_or_a_report_uses_up_no_customer(database: Database, kind: str) -> None:
    assert not _blocked(database, [("", kind), ("li", kind), ("chen", kind)])


@pytest.mark.parametrize(("kind", "is_blocked"), [("query", True), ("identify", True), ("callback", False)])
def test_failures_to_prove_oneself_are_counted(database: Database, kind: str, is_blocked: bool) -> None:
    assert _blocked(database, [("wang", kind), ("wang", kind)], right=False) is is_blocked
