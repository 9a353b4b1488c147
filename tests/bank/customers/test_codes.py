"""One-time codes: sent, checked, used, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.customers import codes
from ivr.bank.customers.codes import Issued
from ivr.bank.customers.models import OneTimeCode
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
CALL, OTHER_CALL = f"CA{1:032x}", f"CA{2:032x}"


class Desk:
    """Codes of one customer, in transactions of their own."""

    def __init__(self, database: Database, keyring: Keyring, settings: Settings) -> None:
        self.database, self.keyring, self.rules = database, keyring, settings.verification.code

    def issue(self, after: float = 0, call: str = CALL, what: str = "li|10000") -> Issued:
        """Ask for a code so many seconds after the beginning."""
        with self.database.begin() as connection, Session(connection) as db:
            issued = codes.issue(
                db, self.keyring, self.rules, call=call, customer_id="wang", bound=self.bound(call, what),
                now=NOW + timedelta(seconds=after),
            )  # fmt: skip
            db.flush()
            return issued

    def check(self, given: str, after: float = 1, call: str = CALL) -> str:
        """Check a code."""
        with self.database.begin() as connection, Session(connection) as db:
            now = NOW + timedelta(seconds=after)
            outcome = codes.check(db, self.keyring, self.rules, call=call, given=given, now=now)
            db.flush()
            return outcome

    def use(self, call: str = CALL, what: str = "li|10000") -> bool:
        """Use a code for something."""
        with self.database.begin() as connection, Session(connection) as db:
            return codes.use(db, call=call, bound=self.bound(call, what))

    def judge(self, what: str = "li|10000") -> bool:
        """Look at one more new password under a code."""
        with self.database.begin() as connection, Session(connection) as db:
            return codes.judge(db, call=CALL, bound=self.bound(CALL, what), most=3)

    def bound(self, call: str, what: str) -> bytes:
        """What a code approves."""
        return codes.binding(self.keyring, call, "transfer", what)

    def wrong(self, code: str) -> str:
        """Another code."""
        return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def desk(database: Database, keyring: Keyring, settings: Settings) -> Desk:
    return Desk(database, keyring, settings)


def test_the_right_code_is_used_once_for_what_it_was_sent_for(desk: Desk) -> None:
    code = desk.issue().code
    assert (len(code), code.isdecimal()) == (6, True)
    assert not desk.use()
    assert desk.check(code) == "right"
    assert desk.use()
    assert not desk.use()
    assert desk.check(code) == "spent"


@pytest.mark.parametrize("what", ["li|10001", "zhang|10000", "li|1000", "li|10000|"])
def test_a_code_approves_no_other_payee_or_amount(desk: Desk, what: str) -> None:
    desk.check(desk.issue().code)
    assert not desk.use(what=what)
    assert desk.use()


def test_a_code_is_worth_nothing_in_another_call(desk: Desk) -> None:
    code = desk.issue().code
    assert desk.check(code, call=OTHER_CALL) == "spent"
    desk.check(code)
    assert not desk.use(call=OTHER_CALL)


@pytest.mark.parametrize(("after", "outcome"), [(0, "right"), (119.9, "right"), (120, "expired"), (86_400, "expired")])
def test_a_code_lasts_120_seconds(desk: Desk, after: float, outcome: str) -> None:
    assert desk.check(desk.issue().code, after) == outcome


def test_the_third_wrong_check_spends_it(desk: Desk) -> None:
    code = desk.issue().code
    assert [desk.check(desk.wrong(code)) for _ in range(3)] == ["wrong", "wrong", "spent"]
    assert desk.check(code) == "spent"
    assert not desk.use()


def test_the_third_check_may_be_the_right_one(desk: Desk) -> None:
    code = desk.issue().code
    assert [desk.check(each) for each in (desk.wrong(code), desk.wrong(code), code)] == ["wrong", "wrong", "right"]


def test_another_one_replaces_it_even_when_it_was_proven(desk: Desk) -> None:
    first = desk.issue().code
    assert desk.check(first) == "right"
    assert desk.issue(60).outcome == "sent"
    assert not desk.use()


def test_one_that_was_replaced_comes_never_back(desk: Desk) -> None:
    """Not even when its successor was used."""
    first, second = desk.issue().code, desk.issue(60).code
    assert desk.check(second, 61) == "right"
    assert desk.use()
    assert desk.check(first, 62) == "spent"


@pytest.mark.parametrize(("after", "outcome"), [(0, "too_soon"), (59.4, "too_soon"), (60, "sent")])
def test_another_one_for_the_same_thing_after_60_seconds(desk: Desk, after: float, outcome: str) -> None:
    desk.issue()
    assert desk.issue(after).outcome == outcome


def test_who_has_no_code_left_is_offered_none_to_key(desk: Desk) -> None:
    """Spent, proven or used: what was sent before cannot be keyed any more."""
    code = desk.issue().code
    assert desk.issue(1).outcome == "too_soon"
    assert desk.check(code) == "right"
    assert (desk.issue(18).outcome, desk.issue(18).wait_seconds) == ("wait", 42)
    desk.use()
    assert desk.issue(59).outcome == "wait"


def test_who_holds_a_code_that_ran_out_is_offered_none_to_key(desk: Desk) -> None:
    """Where a bank has callers wait longer for another code than the last one is good for."""
    desk.rules = desk.rules.model_copy(update={"valid_seconds": 120, "resend_seconds": 300})
    desk.issue()
    assert [desk.issue(after).outcome for after in (119, 120, 299)] == ["too_soon", "wait", "wait"]


def test_three_new_passwords_are_looked_at_under_one_proven_code(desk: Desk) -> None:
    code = desk.issue().code
    assert not desk.judge()
    desk.check(code)
    assert [desk.judge() for _ in range(4)] == [True, True, True, False]
    desk.check(desk.issue(60).code, 61)
    assert not desk.judge("something else")
    assert desk.judge()


def test_how_long_to_wait_is_told(desk: Desk) -> None:
    desk.issue()
    assert desk.issue(18).wait_seconds == 42


def test_three_a_call(desk: Desk) -> None:
    assert [desk.issue(60 * n).outcome for n in range(4)] == ["sent", "sent", "sent", "too_many"]
    assert desk.issue(240, OTHER_CALL).outcome == "sent"


def test_five_an_hour_and_ten_a_day_over_all_calls(desk: Desk) -> None:
    def sent(count: int, first: float) -> list[str]:
        return [desk.issue(first + 60 * n, f"CA{n:031x}{int(first) % 10:x}", f"{first}").outcome for n in range(count)]

    assert sent(6, 0) == ["sent"] * 5 + ["too_many"]
    assert sent(6, 3_601) == ["sent"] * 5 + ["too_many"]
    assert sent(1, 7_300) == ["too_many"]
    assert sent(1, 86_401) == ["sent"]


def test_the_code_itself_is_not_kept(desk: Desk, keyring: Keyring) -> None:
    code = desk.issue().code
    with desk.database.begin() as connection, Session(connection) as db:
        row = db.scalars(select(OneTimeCode)).one()
        kept = [row.call, row.customer_id, row.state, row.binding, row.digest]
    assert code not in str(kept)
    assert code.encode() not in bytes(row.digest)
    assert keyring.blind_index("code", code) != row.digest
