"""What is counted is counted by one at a time: a second transaction waits for the first, and sees what it did."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy.orm import Session

from ivr.bank.customers import codes, verification
from ivr.bank.customers.verification import VerificationAttempt
from ivr.centre.queues import callbacks, waiting
from ivr.db import Database
from ivr.foundation.config import CallerNumberRules, Settings
from ivr.foundation.crypto import Keyring
from ivr.platform.outbox import texts

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
LIMIT = 3
MOBILE = "+8613800138000"
_CALLS = count(1)

Deed = Callable[[Session], object]


class Counted:
    """The limited operations, each with a limit of three; each returns whether it was allowed."""

    def __init__(self, keyring: Keyring, settings: Settings) -> None:
        self.keyring, self.settings = keyring, settings

    def identify(self, db: Session) -> bool:
        """One caller number names one more customer."""
        tried = self._try(f"customer {next(_CALLS)}")
        blocked = verification.caller_blocked(db, CallerNumberRules(customers_an_hour=LIMIT), tried)
        if not blocked:
            verification.note(db, tried, "identify", right=True)
        return not blocked

    def report(self, db: Session) -> bool:
        """One caller number reports one more card."""
        tried = self._try("wang")
        is_free = verification.by_caller(db, "loss", tried.caller_index, NOW.replace(hour=0)) < LIMIT
        if is_free:
            verification.note(db, tried, "loss", right=True)
        return is_free

    def report_of_one(self, db: Session) -> bool:
        """One more card of one customer is reported, from anywhere."""
        tried = self._try("wang", f"number {next(_CALLS)}".encode())
        is_free = verification.losses_of(db, tried.subject, NOW.replace(hour=0)) < LIMIT
        if is_free:
            verification.note(db, tried, "loss", right=True)
        return is_free

    def queue(self, db: Session) -> bool:
        """One more caller joins a queue."""
        rules = self.settings.queues["general"].model_copy(update={"max_waiting": LIMIT})
        caller = waiting.Caller(f"CA{next(_CALLS):032x}", "zh-CN", "none", "", (), None)
        return waiting.join(db, "general", rules, True, caller, NOW) == "joined"

    def code(self, db: Session) -> bool:
        """One more code for one customer."""
        rules = self.settings.verification.code.model_copy(update={"sends_an_hour": LIMIT})
        call = f"CA{next(_CALLS):032x}"
        issued = codes.issue(db, self.keyring, rules, call=call, customer_id="wang", bound=call.encode(), now=NOW)
        return issued.outcome == "sent"

    def text(self, db: Session) -> bool:
        """One more text to one number, that nobody proved to be wanted."""
        key = f"key {next(_CALLS)}"
        return texts.post(db, self.keyring, key=key, recipient=MOBILE, body="x", now=NOW, most_a_day=LIMIT)

    def callback(self, db: Session) -> bool:
        """A callback to one number; one is open at a time."""
        call = f"CA{next(_CALLS):032x}"
        kept = callbacks.book(
            db, self.keyring, call=call, number=MOBILE, queue="general", problem="x", language="en", customer_id=None,
            consented_at=NOW,
        )  # fmt: skip
        return kept == "booked"

    def _try(self, subject: str, caller: bytes = b"one number") -> VerificationAttempt:
        return VerificationAttempt(f"CA{next(_CALLS):032x}", caller, subject, "query", NOW)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("identify", LIMIT), ("report", LIMIT), ("report_of_one", LIMIT), ("queue", LIMIT), ("code", LIMIT),
        ("text", LIMIT), ("callback", 1),
    ],
)  # fmt: skip
def test_two_at_the_last_place_do_not_both_get_it(
    database: Database, keyring: Keyring, settings: Settings, name: str, most: int
) -> None:
    deed: Deed = getattr(Counted(keyring, settings), name)
    for _ in range(most - 1):
        assert _alone(database, deed)
    found: list[object] = []
    second = threading.Thread(target=lambda: found.append(_alone(database, deed)))
    with database.begin() as connection, Session(connection) as db:
        assert deed(db)
        db.flush()
        second.start()
        second.join(0.5)  # without a lock the second one would have finished by now
    second.join(30)
    assert found == [False]


def _alone(database: Database, deed: Deed) -> object:
    with database.begin() as connection, Session(connection) as db:
        done = deed(db)
        db.flush()
        return done
