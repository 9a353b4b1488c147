"""What every core bank behind the port must do with cards and passwords."""

from datetime import timedelta

import pytest

from ivr.bank.core import LossReport, PasswordKind
from ivr.foundation.errors import IdempotencyConflict
from tests.bank.harnesses import BankHarness

WANG, LI = "wang_fang", "li_qiang"
FIRST, SECOND = "6222021001122334458", "6222021001987654321"


def test_a_card_leads_to_its_holder_in_any_state(harness: BankHarness) -> None:
    assert harness.ask(lambda bank: bank.holder_of_card(FIRST)) == WANG
    assert harness.ask(lambda bank: bank.holder_of_card("6217001234567890122")) == "zhang_wei"


@pytest.mark.parametrize("card", [FIRST[:-1], "", "6222021001122334459", FIRST + "0"])
def test_a_number_that_is_no_card_leads_to_nobody(harness: BankHarness, card: str) -> None:
    assert harness.ask(lambda bank: bank.holder_of_card(card)) is None


def test_accounts_come_in_a_stable_order_with_their_cards(harness: BankHarness) -> None:
    accounts = harness.ask(lambda bank: bank.accounts(WANG))
    assert [(a.card, a.state, a.balance_fen) for a in accounts] == [
        (FIRST, "active", 52_380_66),
        (SECOND, "active", 8_000_00),
    ]
    assert harness.ask(lambda bank: bank.accounts("zhang_wei"))[0].state == "frozen"
    assert harness.ask(lambda bank: bank.accounts("nobody")) == ()


def test_own_accounts_come_before_registered_payees(harness: BankHarness) -> None:
    payees = harness.ask(lambda bank: bank.payees(WANG))
    assert [(p.card, p.own) for p in payees] == [(FIRST, True), (SECOND, True), ("6222023101002003005", False)]
    assert payees[-1].name == "李强"


def report(harness: BankHarness, key: str, card: str = FIRST, *, days: int = 5, customer_id: str = WANG) -> LossReport:
    until = harness.now + timedelta(days=days)
    return harness.ask(lambda bank: bank.report_loss(key, customer_id, card, until))


def test_a_report_of_loss_stops_the_card_at_once_and_only_that_one(harness: BankHarness) -> None:
    made = report(harness, "CA1:1")
    assert (made.card, made.until, made.is_new) == (FIRST, harness.now + timedelta(days=5), True)
    assert [a.state for a in harness.ask(lambda bank: bank.accounts(WANG))] == ["lost", "active"]
    assert report(harness, "CA1:1") == made


def test_a_second_report_keeps_the_first_with_its_end_and_reference(harness: BankHarness) -> None:
    first = report(harness, "CA1:1")
    harness.deliver()
    harness.now += timedelta(hours=2)
    again = report(harness, "CA2:1")
    assert (again.until, again.reference, again.is_new) == (first.until, first.reference, False)
    assert report(harness, "CA2:1") == again


def test_the_same_key_for_another_card_is_a_conflict(harness: BankHarness) -> None:
    report(harness, "CA1:1")
    with pytest.raises(IdempotencyConflict):
        report(harness, "CA1:1", SECOND)
    assert [a.state for a in harness.ask(lambda bank: bank.accounts(WANG))] == ["lost", "active"]


def test_a_report_ends_at_its_end_and_never_opens_a_frozen_card(harness: BankHarness) -> None:
    report(harness, "CA1:1")
    report(harness, "CA1:2", "6217001234567890122", customer_id="zhang_wei")
    harness.deliver()
    harness.now += timedelta(days=5)
    assert harness.ask(lambda bank: bank.accounts(WANG))[0].state == "active"
    assert harness.ask(lambda bank: bank.accounts("zhang_wei"))[0].state == "frozen"


def test_a_card_of_someone_else_cannot_be_reported(harness: BankHarness) -> None:
    with pytest.raises(LookupError):
        report(harness, "CA1:1", FIRST, customer_id=LI)
    assert harness.ask(lambda bank: bank.accounts(WANG))[0].state == "active"


def is_right(harness: BankHarness, kind: PasswordKind, given: str, customer_id: str = WANG) -> bool:
    return harness.ask(lambda bank: bank.password_check(customer_id, kind, given))()


def test_each_password_opens_its_own_door_only(harness: BankHarness) -> None:
    assert is_right(harness, "query", "739164")
    assert is_right(harness, "transaction", "285907")
    assert not is_right(harness, "query", "285907")
    assert not is_right(harness, "query", "739164", LI)
    assert not is_right(harness, "query", "739164", "nobody")
    assert not is_right(harness, "query", "")


def change(harness: BankHarness, key: str, kind: PasswordKind, new: str) -> str:
    prepared = harness.ask(lambda bank: bank.password_prepare(WANG, kind, new))()
    harness.ask(lambda bank: bank.set_password(key, WANG, kind, prepared))
    harness.deliver()
    return prepared


def test_a_new_password_replaces_the_old_one(harness: BankHarness) -> None:
    change(harness, "CA1:1", "query", "604271")
    assert is_right(harness, "query", "604271")
    assert not is_right(harness, "query", "739164")
    assert is_right(harness, "transaction", "285907")


def test_a_password_is_set_once_for_its_key(harness: BankHarness) -> None:
    prepared = change(harness, "CA1:1", "query", "604271")
    change(harness, "CA1:2", "query", "915038")
    harness.ask(lambda bank: bank.set_password("CA1:1", WANG, "query", prepared))
    harness.deliver()
    assert is_right(harness, "query", "915038")
    with pytest.raises(IdempotencyConflict):
        change(harness, "CA1:1", "query", "360718")


def test_a_new_password_is_held_against_the_recent_ones_and_the_other_kind(harness: BankHarness) -> None:
    for number, new in enumerate(("604271", "915038", "270846", "581930")):
        change(harness, f"CA1:{number}", "query", new)

    def standing(new: str) -> str:
        return harness.ask(lambda bank: bank.password_reuse(WANG, "query", new))()

    assert standing("739164") == "recent"  # the fifth, as many as config.yaml remembers
    assert standing("581930") == "recent"
    assert standing("285907") == "same_as_other"
    assert standing("430695") == "fresh"
    change(harness, "CA1:9", "query", "430695")
    assert standing("739164") == "fresh"
