"""What every core bank behind the port must do with money."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.bank.core import Account, Bill, CoreBank, Posting
from ivr.foundation.errors import IdempotencyConflict
from tests.bank.houses import House

WANG, LI, CHEN, ZHANG = "wang_fang", "li_qiang", "chen_jing", "zhang_wei"


def accounts(house: House, customer_id: str) -> tuple[Account, ...]:
    return house.ask(lambda bank: bank.accounts(customer_id))


def payee(house: House, customer_id: str, last4: str) -> str:
    known = house.ask(lambda bank: bank.payees(customer_id))
    return next(each.id for each in known if each.last4 == last4)


def send(house: House, key: str, fen: int, *, customer_id: str = WANG, to: str = "3005", number: int = 0) -> Posting:
    source, target = accounts(house, customer_id)[number].id, payee(house, customer_id, to)
    return house.post(lambda bank: bank.transfer(key, customer_id, source, target, fen))


def test_a_transfer_leaves_one_account_and_reaches_the_other(house: House) -> None:
    posting = send(house, "CA1:1", 1_000_00)
    assert (posting.state, posting.refusal) == ("done", "")
    assert posting.reference.isdigit()
    assert len(posting.reference) == 12
    assert accounts(house, WANG)[0].balance_fen == 51_380_66
    assert accounts(house, LI)[0].balance_fen == 2_250_00
    assert accounts(house, WANG)[0].available_fen == 51_380_66


def test_the_same_key_and_request_moves_money_once_and_gives_the_first_answer(house: House) -> None:
    first = send(house, "CA1:1", 1_000_00)
    assert [send(house, "CA1:1", 1_000_00) for _ in range(3)] == [first] * 3
    assert accounts(house, LI)[0].balance_fen == 2_250_00


OTHER_REQUESTS: dict[str, Callable[[House], Posting]] = {
    "amount": lambda house: send(house, "CA1:1", 1_000_01),
    "payee": lambda house: send(house, "CA1:1", 1_000_00, to="4321"),
    "account": lambda house: send(house, "CA1:1", 1_000_00, number=1),
    "customer": lambda house: send(house, "CA1:1", 1_000_00, customer_id=CHEN, to="4458"),
}


@pytest.mark.parametrize("changed", OTHER_REQUESTS)
def test_the_same_key_with_another_request_is_a_conflict_and_moves_nothing(house: House, changed: str) -> None:
    send(house, "CA1:1", 1_000_00)
    before = [a.balance_fen for c in (WANG, LI, CHEN) for a in accounts(house, c)]
    with pytest.raises(IdempotencyConflict):
        OTHER_REQUESTS[changed](house)
    assert [a.balance_fen for c in (WANG, LI, CHEN) for a in accounts(house, c)] == before


def test_a_refused_transfer_stays_refused_under_its_key(house: House) -> None:
    refused = send(house, "CA1:1", 5_000_01)
    assert (refused.state, refused.refusal) == ("refused", "over_each")
    assert send(house, "CA1:1", 5_000_01) == refused
    assert accounts(house, WANG)[0].balance_fen == 52_380_66


def test_each_transfer_has_a_limit_that_is_included(house: House) -> None:
    assert send(house, "CA1:1", 5_000_00).state == "done"
    assert send(house, "CA1:2", 5_000_01).refusal == "over_each"


def test_the_day_has_a_limit_and_the_refusal_says_what_room_is_left(house: House) -> None:
    for number in range(3):
        assert send(house, f"CA1:{number}", 5_000_00).state == "done"
    assert send(house, "CA1:3", 3_000_00, to="4321").state == "done"  # own accounts count too
    over = send(house, "CA1:4", 2_000_01)
    assert (over.state, over.refusal, over.room_fen) == ("refused", "over_day", 2_000_00)
    assert send(house, "CA1:5", 2_000_00).state == "done"
    assert send(house, "CA1:6", 1).room_fen == 0


def test_the_day_of_the_limit_is_the_banks_own(house: House) -> None:
    for number in range(4):
        send(house, f"CA1:{number}", 5_000_00)
    midnight = house.now.replace(hour=16)  # 00:00 of the next day in Shanghai
    house.now = midnight - timedelta(seconds=1)
    assert send(house, "CA2:1", 1_00).refusal == "over_day"
    house.now = midnight
    assert send(house, "CA2:2", 1_00).state == "done"


def test_a_clock_that_went_back_a_day_opens_no_limit(house: House) -> None:
    for number in range(4):
        send(house, f"CA1:{number}", 5_000_00)
    house.now -= timedelta(days=1)
    assert send(house, "CA2:1", 1_00).refusal == "over_day"


def test_an_account_is_never_overdrawn(house: House) -> None:
    own = house.ask(lambda bank: bank.payees(LI))
    assert len(own) == 1
    assert send(house, "CA1:1", 5_000_00, number=1).state == "done"
    short = send(house, "CA1:2", 3_000_01, number=1)
    assert (short.state, short.refusal) == ("refused", "no_funds")
    assert send(house, "CA1:3", 3_000_00, number=1).state == "done"
    assert accounts(house, WANG)[1].balance_fen == 0


def test_a_transfer_to_its_own_account_a_stranger_or_anothers_payee_is_refused(house: House) -> None:
    mine, theirs = accounts(house, WANG)[0].id, payee(house, CHEN, "4458")
    same = payee(house, WANG, "4458")

    def refusal(key: str, target: str) -> str:
        return house.post(lambda bank: bank.transfer(key, WANG, mine, target, 100)).refusal

    assert refusal("CA1:1", same) == "same_account"
    assert [refusal(f"CA2:{n}", target) for n, target in enumerate((theirs, "whoever", "own.4"))] == ["not_payee"] * 3


def test_money_leaves_only_accounts_of_the_customer(house: House) -> None:
    foreign, target = accounts(house, CHEN)[0].id, payee(house, WANG, "3005")
    with pytest.raises(LookupError):
        house.ask(lambda bank: bank.transfer("CA1:1", WANG, foreign, target, 100))
    with pytest.raises(LookupError):
        house.ask(lambda bank: bank.movements(WANG, foreign, 5))


@pytest.mark.parametrize("fen", [0, -1, -5_000_00])
def test_a_transfer_without_an_amount_is_a_fault(house: House, fen: int) -> None:
    source, target = accounts(house, WANG)[0].id, payee(house, WANG, "3005")
    with pytest.raises(ValueError, match="amount"):
        house.ask(lambda bank: bank.transfer("CA1:1", WANG, source, target, fen))


def test_no_money_leaves_an_account_whose_card_is_lost_or_frozen(house: House) -> None:
    card = accounts(house, WANG)[0].card
    house.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, house.now + timedelta(days=5)))
    assert send(house, "CA1:2", 100).refusal == "lost"
    bill, lost = house.ask(electricity), accounts(house, WANG)[0].id
    assert house.post(lambda bank: bank.pay_bill("CA1:3", WANG, lost, bill)).refusal == "lost"
    frozen = accounts(house, ZHANG)[0].id
    assert house.post(lambda bank: bank.pay_bill("CA1:4", ZHANG, frozen, bill)).refusal == "frozen"


def test_transfers_are_held_until_the_later_end(house: House) -> None:
    end = house.now + timedelta(hours=24)
    house.ask(lambda bank: bank.hold_transfers(WANG, end))
    house.ask(lambda bank: bank.hold_transfers(WANG, end - timedelta(hours=3)))
    held = send(house, "CA1:1", 100)
    assert (held.refusal, held.until) == ("held", end)
    house.now = end
    assert send(house, "CA1:2", 100).state == "done"


def test_a_check_says_what_the_transfer_would_say_and_does_nothing(house: House) -> None:
    source, target = accounts(house, WANG)[0].id, payee(house, WANG, "3005")

    def check(fen: int) -> Posting:
        return house.ask(lambda bank: bank.check_transfer(WANG, source, target, fen))

    assert [check(fen).refusal for fen in (100, 5_000_00, 5_000_01)] == ["", "", "over_each"]
    assert check(100).state == "done"
    assert accounts(house, WANG)[0].balance_fen == 52_380_66
    assert house.ask(lambda bank: bank.outcome("CA1:1")) is None


def test_an_outcome_is_found_by_its_key(house: House) -> None:
    done, refused = send(house, "CA1:1", 100), send(house, "CA1:2", 9_999_99)
    assert house.ask(lambda bank: bank.outcome("CA1:1")) == done
    assert house.ask(lambda bank: bank.outcome("CA1:2")) == refused
    assert house.ask(lambda bank: bank.outcome("CA1:3")) is None


def test_a_repeated_transfer_is_noticed_in_another_call_only(house: House) -> None:
    send(house, "CA1:1", 800_00)
    target, since = payee(house, WANG, "3005"), house.now - timedelta(minutes=10)

    def repeated(fen: int, call: str) -> bool:
        return house.ask(lambda bank: bank.recent_transfer(WANG, target, fen, since, call))

    assert repeated(800_00, "CA2")
    assert repeated(800_00, "CA")  # a call's name is no prefix of another's
    assert not repeated(800_00, "CA1")
    assert not repeated(800_01, "CA2")
    since = house.now + timedelta(seconds=1)
    assert not repeated(800_00, "CA2")


def test_a_refused_transfer_is_no_repetition(house: House) -> None:
    send(house, "CA1:1", 5_000_01)
    target, since = payee(house, WANG, "3005"), house.now - timedelta(minutes=10)
    assert not house.ask(lambda bank: bank.recent_transfer(WANG, target, 5_000_01, since, "CA2"))


def electricity(bank: CoreBank) -> Bill:
    bill = bank.find_bill("electricity", "3100458812")
    assert bill is not None
    return bill


def test_a_bill_is_paid_once_whoever_pays(house: House) -> None:
    bill, mine = house.ask(electricity), accounts(house, WANG)[0].id
    assert bill.amount_fen == 186_40
    first = house.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, bill))
    assert first.state == "done"
    assert house.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, bill)) == first
    theirs = accounts(house, CHEN)[0].id
    assert house.post(lambda bank: bank.pay_bill("CA2:1", CHEN, theirs, bill)).refusal == "already_paid"
    assert accounts(house, WANG)[0].balance_fen == 52_194_26
    assert house.ask(lambda bank: bank.find_bill("electricity", "3100458812")) is None


def test_a_bill_that_is_not_what_was_read_back_is_refused(house: House) -> None:
    bill, mine = house.ask(electricity), accounts(house, WANG)[0].id
    other = replace(bill, amount_fen=186_39)
    assert house.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, other)).refusal == "bill_changed"
    with pytest.raises(IdempotencyConflict):
        house.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, bill))


def test_nothing_is_due_where_no_bill_is_open(house: House) -> None:
    assert house.ask(lambda bank: bank.find_bill("gas", "50221907")) is None


@pytest.mark.parametrize(("biller", "number"), [("gas", "1"), ("water", "3100458812"), ("nobody", "3100458812")])
def test_a_number_the_biller_does_not_know_is_no_zero_bill(house: House, biller: str, number: str) -> None:
    with pytest.raises(LookupError):
        house.ask(lambda bank: bank.find_bill(biller, number))


def test_a_bill_does_not_count_against_the_limits_of_transfers(house: House) -> None:
    for number in range(4):
        send(house, f"CA1:{number}", 5_000_00)
    bill, mine = house.ask(electricity), accounts(house, WANG)[0].id
    assert house.post(lambda bank: bank.pay_bill("CA1:9", WANG, mine, bill)).state == "done"


def test_movements_are_the_newest_first_and_no_more_than_asked_for(house: House) -> None:
    send(house, "CA1:1", 700_00)
    mine = accounts(house, WANG)[0].id
    newest = house.ask(lambda bank: bank.movements(WANG, mine, 3))
    assert [(m.amount_fen, m.what) for m in newest][:2] == [(-700_00, "transfer"), (-100_00, "bill")]
    assert newest[0].at == house.now
    assert len(newest) == 3
