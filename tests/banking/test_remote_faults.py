"""A remote core that is slow, loses its answers, answers nonsense, or is gone: pending, never refused, never twice."""

import socket
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.banking.core import Posting
from ivr.banking.models import CoreOrder
from ivr.errors import ConfigurationError, CoreUnavailable
from tests.banking.remote import WANG, RemoteHouse, available, effects, order, steps, transfer
from tests.fakes.core_server import Fault

APPLIED: list[Fault] = ["slow", "lost", "garbage"]


@pytest.mark.parametrize("fault", APPLIED)
def test_an_instruction_whose_answer_is_lost_is_pending_held_and_done_once(remote: RemoteHouse, fault: Fault) -> None:
    remote.core.fail("transfer", fault)
    remote.ask(transfer("CA1:1"))
    remote.deliver()
    assert order(remote, "CA1:1").state == "pending"
    assert effects(remote, "CA1:1") == [-1_000_00, 1_000_00]
    remote.pass_time(seconds=4)
    remote.deliver()
    assert remote.core.asked.count("outcome") == 0
    remote.pass_time(seconds=2)
    assert remote.ask(transfer("CA1:1")).state == "pending"
    remote.deliver()
    done = remote.ask(transfer("CA1:1"))
    assert (done.state, done.reference) == ("done", order(remote, "CA1:1").reference)
    assert remote.core.asked.count("transfer") == 1
    assert effects(remote, "CA1:1") == [-1_000_00, 1_000_00]
    assert available(remote) == 51_380_66


@pytest.mark.parametrize("fault", ["down", *APPLIED])
def test_the_amount_stays_held_as_long_as_the_outcome_is_open(remote: RemoteHouse, fault: Fault) -> None:
    remote.core.fail("transfer", fault)
    remote.core.fail("outcome", "down")
    remote.ask(transfer("CA1:1", 5_000_00))
    remote.deliver()
    remote.pass_time(seconds=5)
    remote.deliver()
    assert order(remote, "CA1:1").state == "pending"
    assert available(remote) <= 47_380_66


def test_what_never_reached_the_core_is_sent_again_under_its_key(remote: RemoteHouse) -> None:
    remote.core.fail("transfer", "down")
    remote.ask(transfer("CA1:1"))
    remote.deliver()
    assert effects(remote, "CA1:1") == []
    remote.pass_time(seconds=5)
    remote.deliver()
    assert [name for name in remote.core.asked if name in {"transfer", "outcome"}] == [
        "transfer",
        "outcome",
        "transfer",
    ]
    assert order(remote, "CA1:1").state == "done"
    assert effects(remote, "CA1:1") == [-1_000_00, 1_000_00]


def test_inquiries_come_at_their_steps_and_then_daily(remote: RemoteHouse) -> None:
    remote.core.fail("transfer", "down")
    remote.core.fail("outcome", "down", "down", "down", "down", "down", "down")
    remote.ask(transfer("CA1:1"))
    remote.deliver()
    waits = []
    for _ in range(6):
        waits.append((order(remote, "CA1:1").next_at - remote.now).total_seconds())
        remote.now = order(remote, "CA1:1").next_at
        remote.line = remote.new_line()
        remote.deliver()
    assert waits == [5, 15, 60, 300, 1800, 86400]


def test_the_outcome_that_a_caller_was_owed_is_told_once_and_only_then(remote: RemoteHouse) -> None:
    remote.core.fail("transfer", "lost", "lost")
    remote.ask(transfer("CA1:1"))
    remote.ask(transfer("CA2:1", 2_000_00))
    remote.deliver()
    remote.pass_time(seconds=6)
    heard = remote.ask(transfer("CA1:1"))
    assert heard.state == "pending"  # the other caller hung up before hearing anything
    assert remote.late == []
    remote.deliver()
    remote.deliver()
    assert remote.late == [("CA1:1", "done", heard.reference)]
    assert order(remote, "CA2:1").state == "done"


def test_an_order_that_the_core_declines_late_is_refused_and_gives_the_money_back(remote: RemoteHouse) -> None:
    remote.ask(transfer("CA1:1", 5_000_00))
    remote.pass_time(seconds=6)
    assert remote.ask(transfer("CA1:1", 5_000_00)).state == "pending"
    remote.core.house.ask(lambda bank: bank.hold_transfers(WANG, remote.now + timedelta(hours=24)))
    remote.deliver()
    refused = remote.ask(transfer("CA1:1", 5_000_00))
    assert (refused.state, refused.refusal) == ("refused", "held")
    assert remote.late == [("CA1:1", "refused", refused.reference)]
    assert available(remote) == 52_380_66


@pytest.mark.parametrize("url", ["http://core.example.com", "ftp://core", "core", "http://127.0.0.1.example.com"])
def test_a_line_that_others_could_listen_to_is_refused(remote: RemoteHouse, url: str) -> None:
    with pytest.raises(ConfigurationError, match="https"):
        remote.new_line(url)


def test_a_worker_that_died_while_sending_left_an_order_that_is_asked_after(remote: RemoteHouse) -> None:
    remote.ask(transfer("CA1:1"))
    claim = remote.dispatch()._claim()
    assert claim is not None
    assert order(remote, "CA1:1").state == "sent"
    remote.deliver()
    assert "transfer" not in remote.core.asked  # the lease still stands
    remote.pass_time(seconds=60)
    remote.deliver()
    assert steps(remote) == ["outcome", "transfer"]
    assert effects(remote, "CA1:1") == [-1_000_00, 1_000_00]


@pytest.mark.parametrize(("fault", "state"), [("", "done"), ("down", "pending")])
def test_a_worker_that_was_overtaken_concludes_nothing(remote: RemoteHouse, fault: Fault, state: str) -> None:
    remote.ask(transfer("CA1:1"))
    slow = remote.dispatch()
    claim = slow._claim()
    assert claim is not None
    remote.pass_time(seconds=60)
    remote.core.fail("outcome", fault)
    remote.deliver()
    slow._conclude(claim, "declined", Posting("refused", "", "no_funds"))
    assert order(remote, "CA1:1").state == state


def test_a_core_that_is_gone_accepts_no_order_and_says_so(remote: RemoteHouse) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        remote.line = remote.new_line(f"http://127.0.0.1:{unused.getsockname()[1]}")
    with pytest.raises(CoreUnavailable):
        remote.ask(transfer("CA1:1"))
    check = remote.ask(lambda bank: bank.password_check(WANG, "query", "739164"))
    with pytest.raises(CoreUnavailable):
        check()
    with Session(remote.database.durable) as rows:
        assert rows.get(CoreOrder, "CA1:1") is None


def test_after_failures_the_core_is_left_alone_and_then_tried_again(remote: RemoteHouse) -> None:
    remote.ask(transfer("CA1:1"))
    remote.core.fail("accounts", "garbage", "down", "slow")
    for _ in range(3):
        with pytest.raises(CoreUnavailable):
            remote.ask(lambda bank: bank.accounts(WANG))
    asked = len(remote.core.asked)
    with pytest.raises(CoreUnavailable):
        remote.ask(lambda bank: bank.accounts(WANG))
    remote.deliver()
    assert len(remote.core.asked) == asked
    remote.pass_time(seconds=10)
    assert available(remote) == 51_380_66
    remote.deliver()
    assert order(remote, "CA1:1").state == "done"
