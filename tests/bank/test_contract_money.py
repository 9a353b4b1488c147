"""What every core bank behind the port must do with money."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.bank.core import Account, Bill, CoreBank, Posting
from ivr.foundation.errors import IdempotencyConflict
from tests.bank.harnesses import BankHarness

WANG, LI, CHEN, ZHANG = "wang_fang", "li_qiang", "chen_jing", "zhang_wei"


def accounts(harness: BankHarness, customer_id: str) -> tuple[Account, ...]:
    return harness.ask(lambda bank: bank.accounts(customer_id))


def payee(harness: BankHarness, customer_id: str, last4: str) -> str:
    known = harness.ask(lambda bank: bank.payees(customer_id))
    return next(each.id for each in known if each.last4 == last4)


def send(
    harness: BankHarness, key: str, fen: int, *, customer_id: str = WANG, to: str = "3005", number: int = 0
) -> Posting:
    source, target = accounts(harness, customer_id)[number].id, payee(harness, customer_id, to)
    return harness.post(lambda bank: bank.transfer(key, customer_id, source, target, fen))


def test_a_transfer_leaves_one_account_and_reaches_the_other(harness: BankHarness) -> None:
    posting = send(harness, "CA1:1", 1_000_00)
    assert (posting.state, posting.refusal) == ("done", "")
    assert posting.reference.isdigit()
    assert len(posting.reference) == 12
    assert accounts(harness, WANG)[0].balance_fen == 51_380_66
    assert accounts(harness, LI)[0].balance_fen == 2_250_00
    assert accounts(harness, WANG)[0].available_fen == 51_380_66


def test_the_same_key_and_request_moves_money_once_and_gives_the_first_answer(harness: BankHarness) -> None:
    first = send(harness, "CA1:1", 1_000_00)
    assert [send(harness, "CA1:1", 1_000_00) for _ in range(3)] == [first] * 3
    assert accounts(harness, LI)[0].balance_fen == 2_250_00


OTHER_REQUESTS: dict[str, Callable[[BankHarness], Posting]] = {
    "amount": lambda harness: send(harness, "CA1:1", 1_000_01),
    "payee": lambda harness: send(harness, "CA1:1", 1_000_00, to="4321"),
    "account": lambda harness: send(harness, "CA1:1", 1_000_00, number=1),
    "customer": lambda harness: send(harness, "CA1:1", 1_000_00, customer_id=CHEN, to="4458"),
}


@pytest.mark.parametrize("changed", OTHER_REQUESTS)
def test_the_same_key_with_another_request_is_a_conflict_and_moves_nothing(harness: BankHarness, changed: str) -> None:
    send(harness, "CA1:1", 1_000_00)
    before = [a.balance_fen for c in (WANG, LI, CHEN) for a in accounts(harness, c)]
    with pytest.raises(IdempotencyConflict):
        OTHER_REQUESTS[changed](harness)
    assert [a.balance_fen for c in (WANG, LI, CHEN) for a in accounts(harness, c)] == before


def test_a_refused_transfer_stays_refused_under_its_key(harness: BankHarness) -> None:
    refused = send(harness, "CA1:1", 5_000_01)
    assert (refused.state, refused.refusal) == ("refused", "over_each")
    assert send(harness, "CA1:1", 5_000_01) == refused
    assert accounts(harness, WANG)[0].balance_fen == 52_380_66


def test_each_transfer_has_a_limit_that_is_included(harness: BankHarness) -> None:
    assert send(harness, "CA1:1", 5_000_00).state == "done"
    assert send(harness, "CA1:2", 5_000_01).refusal == "over_each"


def test_the_day_has_a_limit_and_the_refusal_says_what_room_is_left(harness: BankHarness) -> None:
    for number in range(3):
        assert send(harness, f"CA1:{number}", 5_000_00).state == "done"
    assert send(harness, "CA1:3", 3_000_00, to="4321").state == "done"  # own accounts count too
    over = send(harness, "CA1:4", 2_000_01)
    assert (over.state, over.refusal, over.room_fen) == ("refused", "over_day", 2_000_00)
    assert send(harness, "CA1:5", 2_000_00).state == "done"
    assert send(harness, "CA1:6", 1).room_fen == 0


def test_the_day_of_the_limit_is_the_banks_own(harness: BankHarness) -> None:
    for number in range(4):
        send(harness, f"CA1:{number}", 5_000_00)
    midnight = harness.now.replace(hour=16)  # 00:00 of the next day in Shanghai
    harness.now = midnight - timedelta(seconds=1)
    assert send(harness, "CA2:1", 1_00).refusal == "over_day"
    harness.now = midnight
    assert send(harness, "CA2:2", 1_00).state == "done"


def test_a_clock_that_went_back_a_day_opens_no_limit(harness: BankHarness) -> None:
    for number in range(4):
        send(harness, f"CA1:{number}", 5_000_00)
    harness.now -= timedelta(days=1)
    assert send(harness, "CA2:1", 1_00).refusal == "over_day"


def test_an_account_is_never_overdrawn(harness: BankHarness) -> None:
    own = harness.ask(lambda bank: bank.payees(LI))
    assert len(own) == 1
    assert send(harness, "CA1:1", 5_000_00, number=1).state == "done"
    short = send(harness, "CA1:2", 3_000_01, number=1)
    assert (short.state, short.refusal) == ("refused", "no_funds")
    assert send(harness, "CA1:3", 3_000_00, number=1).state == "done"
    assert accounts(harness, WANG)[1].balance_fen == 0


def test_a_transfer_to_its_own_account_a_stranger_or_anothers_payee_is_refused(harness: BankHarness) -> None:
    mine, theirs = accounts(harness, WANG)[0].id, payee(harness, CHEN, "4458")
    same = payee(harness, WANG, "4458")

    def refusal(key: str, target: str) -> str:
        return harness.post(lambda bank: bank.transfer(key, WANG, mine, target, 100)).refusal

    assert refusal("CA1:1", same) == "same_account"
    assert [refusal(f"CA2:{n}", target) for n, target in enumerate((theirs, "whoever", "own.4"))] == ["not_payee"] * 3


def test_money_leaves_only_accounts_of_the_customer(harness: BankHarness) -> None:
    foreign, target = accounts(harness, CHEN)[0].id, payee(harness, WANG, "3005")
    with pytest.raises(LookupError):
        harness.ask(lambda bank: bank.transfer("CA1:1", WANG, foreign, target, 100))
    with pytest.raises(LookupError):
        harness.ask(lambda bank: bank.movements(WANG, foreign, 5))


@pytest.mark.parametrize("fen", [0, -1, -5_000_00])
def test_a_transfer_without_an_amount_is_a_fault(harness: BankHarness, fen: int) -> None:
    source, target = accounts(harness, WANG)[0].id, payee(harness, WANG, "3005")
    with pytest.raises(ValueError, match="amount"):
        harness.ask(lambda bank: bank.transfer("CA1:1", WANG, source, target, fen))


def test_no_money_leaves_an_account_whose_card_is_lost_or_frozen(harness: BankHarness) -> None:
    card = accounts(harness, WANG)[0].card
    harness.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, harness.now + timedelta(days=5)))
    assert send(harness, "CA1:2", 100).refusal == "lost"
    bill, lost = harness.ask(electricity), accounts(harness, WANG)[0].id
    assert harness.post(lambda bank: bank.pay_bill("CA1:3", WANG, lost, bill)).refusal == "lost"
    frozen = accounts(harness, ZHANG)[0].id
    assert harness.post(lambda bank: bank.pay_bill("CA1:4", ZHANG, frozen, bill)).refusal == "frozen"


def test_transfers_are_held_until_the_later_end(harness: BankHarness) -> None:
    end = harness.now + timedelta(hours=24)
    harness.ask(lambda bank: bank.hold_transfers(WANG, end))
    harness.ask(lambda bank: bank.hold_transfers(WANG, end - timedelta(hours=3)))
    held = send(harness, "CA1:1", 100)
    assert (held.refusal, held.until) == ("held", end)
    harness.now = end
    assert send(harness, "CA1:2", 100).state == "done"


def test_a_check_says_what_the_transfer_would_say_and_does_nothing(harness: BankHarness) -> None:
    source, target = accounts(harness, WANG)[0].id, payee(harness, WANG, "3005")

    def check(fen: int) -> Posting:
        return harness.ask(lambda bank: bank.check_transfer(WANG, source, target, fen))

    assert [check(fen).refusal for fen in (100, 5_000_00, 5_000_01)] == ["", "", "over_each"]
    assert check(100).state == "done"
    assert accounts(harness, WANG)[0].balance_fen == 52_380_66
    assert harness.ask(lambda bank: bank.outcome("CA1:1")) is None


def test_an_outcome_is_found_by_its_key(harness: BankHarness) -> None:
    done, refused = send(harness, "CA1:1", 100), send(harness, "CA1:2", 9_999_99)
    assert harness.ask(lambda bank: bank.outcome("CA1:1")) == done
    assert harness.ask(lambda bank: bank.outcome("CA1:2")) == refused
    assert harness.ask(lambda bank: bank.outcome("CA1:3")) is None


def test_a_repeated_transfer_is_noticed_in_another_call_only(harness: BankHarness) -> None:
    send(harness, "CA1:1", 800_00)
    target, since = payee(harness, WANG, "3005"), harness.now - timedelta(minutes=10)

    def repeated(fen: int, call: str) -> bool:
        return harness.ask(lambda bank: bank.recent_transfer(WANG, target, fen, since, call))

    assert repeated(800_00, "CA2")
    assert repeated(800_00, "CA")  # a call's name is no prefix of another's
    assert not repeated(800_00, "CA1")
    assert not repeated(800_01, "CA2")
    since = harness.now + timedelta(seconds=1)
    assert not repeated(800_00, "CA2")


def test_a_refused_transfer_is_no_repetition(harness: BankHarness) -> None:
    send(harness, "CA1:1", 5_000_01)
    target, since = payee(harness, WANG, "3005"), harness.now - timedelta(minutes=10)
    assert not harness.ask(lambda bank: bank.recent_transfer(WANG, target, 5_000_01, since, "CA2"))


def electricity(bank: CoreBank) -> Bill:
    bill = bank.find_bill("electricity", "3100458812")
    assert bill is not None
    return bill


def test_a_bill_is_paid_once_whoever_pays(harness: BankHarness) -> None:
    bill, mine = harness.ask(electricity), accounts(harness, WANG)[0].id
    assert bill.amount_fen == 186_40
    first = harness.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, bill))
    assert first.state == "done"
    assert harness.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, bill)) == first
    theirs = accounts(harness, CHEN)[0].id
    assert harness.post(lambda bank: bank.pay_bill("CA2:1", CHEN, theirs, bill)).refusal == "already_paid"
    assert accounts(harness, WANG)[0].balance_fen == 52_194_26
    assert harness.ask(lambda bank: bank.find_bill("electricity", "3100458812")) is None


def test_a_bill_that_is_not_what_was_read_back_is_refused(harness: BankHarness) -> None:
    bill, mine = harness.ask(electricity), accounts(harness, WANG)[0].id
    other = replace(bill, amount_fen=186_39)
    assert harness.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, other)).refusal == "bill_changed"
    with pytest.raises(IdempotencyConflict):
        harness.post(lambda bank: bank.pay_bill("CA1:1", WANG, mine, bill))


def test_nothing_is_due_where_no_bill_is_open(harness: BankHarness) -> None:
    assert harness.ask(lambda bank: bank.find_bill("gas", "50221907")) is None


@pytest.mark.parametrize(("biller", "number"), [("gas", "1"), ("water", "3100458812"), ("nobody", "3100458812")])
def test_a_number_the_biller_does_not_know_is_no_zero_bill(harness: BankHarness, biller: str, number: str) -> None:
    with pytest.raises(LookupError):
        harness.ask(lambda bank: bank.find_bill(biller, number))


def test_a_bill_does_not_count_against_the_limits_of_transfers(harness: BankHarness) -> None:
    for number in range(4):
        send(harness, f"CA1:{number}", 5_000_00)
    bill, mine = harness.ask(electricity), accounts(harness, WANG)[0].id
    assert harness.post(lambda bank: bank.pay_bill("CA1:9", WANG, mine, bill)).state == "done"


def test_movements_are_the_newest_first_and_no_more_than_asked_for(harness: BankHarness) -> None:
    send(harness, "CA1:1", 700_00)
    mine = accounts(harness, WANG)[0].id
    newest = harness.ask(lambda bank: bank.movements(WANG, mine, 3))
    assert [(m.amount_fen, m.what) for m in newest][:2] == [(-700_00, "transfer"), (-100_00, "bill")]
    assert newest[0].at == harness.now
    assert len(newest) == 3
