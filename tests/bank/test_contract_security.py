"""What every core bank behind the port must do with cards and passwords."""

from datetime import timedelta

import pytest

from ivr.bank.core import LossReport, PasswordKind
from ivr.foundation.errors import IdempotencyConflict
from tests.bank.houses import House

WANG, LI = "wang_fang", "li_qiang"
FIRST, SECOND = "6222021001122334458", "6222021001987654321"


def test_a_card_leads_to_its_holder_in_any_state(house: House) -> None:
    assert house.ask(lambda bank: bank.holder_of_card(FIRST)) == WANG
    assert house.ask(lambda bank: bank.holder_of_card("6217001234567890122")) == "zhang_wei"


@pytest.mark.parametrize("card", [FIRST[:-1], "", "6222021001122334459", FIRST + "0"])
def test_a_number_that_is_no_card_leads_to_nobody(house: House, card: str) -> None:
    assert house.ask(lambda bank: bank.holder_of_card(card)) is None


def test_accounts_come_in_a_stable_order_with_their_cards(house: House) -> None:
    accounts = house.ask(lambda bank: bank.accounts(WANG))
    assert [(a.card, a.state, a.balance_fen) for a in accounts] == [
        (FIRST, "active", 52_380_66),
        (SECOND, "active", 8_000_00),
    ]
    assert house.ask(lambda bank: bank.accounts("zhang_wei"))[0].state == "frozen"
    assert house.ask(lambda bank: bank.accounts("nobody")) == ()


def test_own_accounts_come_before_registered_payees(house: House) -> None:
    payees = house.ask(lambda bank: bank.payees(WANG))
    assert [(p.card, p.own) for p in payees] == [(FIRST, True), (SECOND, True), ("6222023101002003005", False)]
    assert payees[-1].name == "李强"


def report(house: House, key: str, card: str = FIRST, *, days: int = 5, customer_id: str = WANG) -> LossReport:
    until = house.now + timedelta(days=days)
    return house.ask(lambda bank: bank.report_loss(key, customer_id, card, until))


def test_a_report_of_loss_stops_the_card_at_once_and_only_that_one(house: House) -> None:
    made = report(house, "CA1:1")
    assert (made.card, made.until, made.is_new) == (FIRST, house.now + timedelta(days=5), True)
    assert [a.state for a in house.ask(lambda bank: bank.accounts(WANG))] == ["lost", "active"]
    assert report(house, "CA1:1") == made


def test_a_second_report_keeps_the_first_with_its_end_and_reference(house: House) -> None:
    first = report(house, "CA1:1")
    house.deliver()
    house.now += timedelta(hours=2)
    again = report(house, "CA2:1")
    assert (again.until, again.reference, again.is_new) == (first.until, first.reference, False)
    assert report(house, "CA2:1") == again


def test_the_same_key_for_another_card_is_a_conflict(house: House) -> None:
    report(house, "CA1:1")
    with pytest.raises(IdempotencyConflict):
        report(house, "CA1:1", SECOND)
    assert [a.state for a in house.ask(lambda bank: bank.accounts(WANG))] == ["lost", "active"]


def test_a_report_ends_at_its_end_and_never_opens_a_frozen_card(house: House) -> None:
    report(house, "CA1:1")
    report(house, "CA1:2", "6217001234567890122", customer_id="zhang_wei")
    house.deliver()
    house.now += timedelta(days=5)
    assert house.ask(lambda bank: bank.accounts(WANG))[0].state == "active"
    assert house.ask(lambda bank: bank.accounts("zhang_wei"))[0].state == "frozen"


def test_a_card_of_someone_else_cannot_be_reported(house: House) -> None:
    with pytest.raises(LookupError):
        report(house, "CA1:1", FIRST, customer_id=LI)
    assert house.ask(lambda bank: bank.accounts(WANG))[0].state == "active"


def is_right(house: House, kind: PasswordKind, given: str, customer_id: str = WANG) -> bool:
    return house.ask(lambda bank: bank.password_check(customer_id, kind, given))()


def test_each_password_opens_its_own_door_only(house: House) -> None:
    assert is_right(house, "query", "739164")
    assert is_right(house, "transaction", "285907")
    assert not is_right(house, "query", "285907")
    assert not is_right(house, "query", "739164", LI)
    assert not is_right(house, "query", "739164", "nobody")
    assert not is_right(house, "query", "")


def change(house: House, key: str, kind: PasswordKind, new: str) -> str:
    prepared = house.ask(lambda bank: bank.password_prepare(WANG, kind, new))()
    house.ask(lambda bank: bank.set_password(key, WANG, kind, prepared))
    house.deliver()
    return prepared


def test_a_new_password_replaces_the_old_one(house: House) -> None:
    change(house, "CA1:1", "query", "604271")
    assert is_right(house, "query", "604271")
    assert not is_right(house, "query", "739164")
    assert is_right(house, "transaction", "285907")


def test_a_password_is_set_once_for_its_key(house: House) -> None:
    prepared = change(house, "CA1:1", "query", "604271")
    change(house, "CA1:2", "query", "915038")
    house.ask(lambda bank: bank.set_password("CA1:1", WANG, "query", prepared))
    house.deliver()
    assert is_right(house, "query", "915038")
    with pytest.raises(IdempotencyConflict):
        change(house, "CA1:1", "query", "360718")


def test_a_new_password_is_held_against_the_recent_ones_and_the_other_kind(house: House) -> None:
    for number, new in enumerate(("604271", "915038", "270846", "581930")):
        change(house, f"CA1:{number}", "query", new)

    def standing(new: str) -> str:
        return house.ask(lambda bank: bank.password_standing(WANG, "query", new))()

    assert standing("739164") == "recent"  # the fifth, as many as config.yaml remembers
    assert standing("581930") == "recent"
    assert standing("285907") == "same_as_other"
    assert standing("430695") == "fresh"
    change(house, "CA1:9", "query", "430695")
    assert standing("739164") == "fresh"
