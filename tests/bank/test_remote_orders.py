"""Orders on the hotline's side: nothing leaves inside a turn, and what was ordered counts at once."""

from datetime import timedelta

import pytest

from ivr.bank.core import CoreBank, Posting
from tests.bank.remote import WANG, RemoteHarness, available, effects, order, transfer


def test_nothing_leaves_inside_the_turn(remote: RemoteHarness) -> None:
    assert remote.ask(transfer("CA1:1")).state == "working"
    assert "transfer" not in remote.core.asked
    assert available(remote) == 51_380_66
    remote.deliver()
    assert remote.ask(transfer("CA1:1")).state == "done"
    assert effects(remote, "CA1:1") == [-1_000_00, 1_000_00]


def test_a_turn_that_is_rolled_back_orders_nothing(remote: RemoteHarness) -> None:
    def broken(bank: CoreBank) -> Posting:
        transfer("CA1:1")(bank)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        remote.ask(broken)
    remote.deliver()
    assert effects(remote, "CA1:1") == []


def test_a_caller_waits_for_some_seconds_and_then_hears_pending(remote: RemoteHarness) -> None:
    first = remote.ask(transfer("CA1:1"))
    remote.pass_time(seconds=5)
    assert remote.ask(transfer("CA1:1")) == first
    remote.pass_time(seconds=1)
    pending = remote.ask(transfer("CA1:1"))
    assert (pending.state, pending.reference) == ("pending", first.reference)


def test_orders_that_are_open_are_not_spent_twice(remote: RemoteHarness) -> None:
    keys = ("CA1:1", "CA2:1", "CA3:1")
    first, second, third = [remote.ask(transfer(key, 3_000_00, "2")) for key in keys]
    assert (first.state, second.state, third.refusal) == ("working", "working", "no_funds")


def test_orders_on_their_way_count_against_the_day(remote: RemoteHarness) -> None:
    assert {remote.ask(transfer(f"CA{n}:1", 5_000_00)).state for n in range(4)} == {"working"}
    over = remote.ask(transfer("CA9:1", 1))
    assert (over.refusal, over.room_fen) == ("over_day", 0)


def test_a_bill_on_its_way_is_not_paid_again(remote: RemoteHarness) -> None:
    bill = remote.ask(lambda bank: bank.find_bill("water", "12000786"))
    assert bill is not None
    assert remote.ask(lambda bank: bank.pay_bill("CA1:1", WANG, "1", bill)).state == "working"
    assert remote.ask(lambda bank: bank.find_bill("water", "12000786")) is None
    assert remote.ask(lambda bank: bank.pay_bill("CA2:1", "chen_jing", "4", bill)).refusal == "already_paid"


def test_a_card_that_was_reported_is_stopped_before_the_core_knows(remote: RemoteHarness) -> None:
    remote.core.fail("report_loss", "down")
    until = remote.now + timedelta(days=5)
    card = "6222021001122334458"
    report = remote.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, until))
    remote.deliver()
    assert report.is_new
    assert remote.ask(lambda bank: bank.accounts(WANG))[0].state == "lost"
    assert remote.ask(transfer("CA2:1")).refusal == "lost"
    assert remote.core.harness.ask(lambda bank: bank.accounts(WANG))[0].state == "active"
    remote.pass_time(seconds=5)
    remote.deliver()
    assert remote.core.harness.ask(lambda bank: bank.accounts(WANG))[0].state == "lost"


def test_a_report_that_the_core_took_elsewhere_stands(remote: RemoteHarness) -> None:
    until, card = remote.now + timedelta(days=5), "6222021001122334458"
    made = remote.core.harness.ask(lambda bank: bank.report_loss("branch:1", WANG, card, until))
    again = remote.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, until + timedelta(hours=1)))
    assert (again.until, again.reference, again.is_new) == (made.until, made.reference, False)


def test_what_an_order_says_is_sealed(remote: RemoteHarness) -> None:
    card = "6222021001122334458"
    remote.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, remote.now + timedelta(days=5)))
    kept = order(remote, "CA1:1")
    assert card.encode() not in kept.body
    assert card not in kept.subject


def test_a_report_that_the_core_refused_stops_no_card_here(remote: RemoteHarness) -> None:
    remote.core.fail("report_loss", "down")
    remote.core.fail("outcome", "declined")
    until, card = remote.now + timedelta(days=5), "6222021001122334458"
    remote.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, until))
    remote.deliver()
    remote.pass_time(seconds=5)
    remote.deliver()
    assert order(remote, "CA1:1").state == "refused"
    assert remote.ask(lambda bank: bank.accounts(WANG))[0].state == "active"
    again = remote.ask(lambda bank: bank.report_loss("CA2:1", WANG, card, until + timedelta(hours=1)))
    assert (again.is_new, again.until) == (True, until + timedelta(hours=1))
    remote.deliver()
    assert remote.core.harness.ask(lambda bank: bank.accounts(WANG))[0].state == "lost"
