"""A remote core that is slow, loses its answers, answers nonsense, or is gone: pending, never refused, never twice."""

import json
import socket
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.core import Posting
from ivr.bank.remote.models import CoreOrder
from ivr.foundation.errors import CoreUnavailable
from ivr.platform.audit import chain
from ivr.platform.audit.models import AuditEntry
from tests.bank.remote import WANG, RemoteHarness, available, effects, order, steps, transfer
from tests.fakes.core_server import Fault

APPLIED: list[Fault] = ["slow", "lost", "garbage"]


@pytest.mark.parametrize("fault", APPLIED)
def test_an_instruction_whose_answer_is_lost_is_pending_held_and_done_once(remote: RemoteHarness, fault: Fault) -> None:
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
def test_the_amount_stays_held_as_long_as_the_outcome_is_open(remote: RemoteHarness, fault: Fault) -> None:
    remote.core.fail("transfer", fault)
    remote.core.fail("outcome", "down")
    remote.ask(transfer("CA1:1", 5_000_00))
    remote.deliver()
    remote.pass_time(seconds=5)
    remote.deliver()
    assert order(remote, "CA1:1").state == "pending"
    assert available(remote) <= 47_380_66


def test_what_never_reached_the_core_is_sent_again_under_its_key(remote: RemoteHarness) -> None:
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


def test_inquiries_come_at_their_steps_and_then_daily(remote: RemoteHarness) -> None:
    remote.core.fail("transfer", "down")
    remote.core.fail("outcome", "down", "down", "down", "down", "down", "down")
    remote.ask(transfer("CA1:1"))
    remote.deliver()
    waits = []
    for _ in range(6):
        waits.append((order(remote, "CA1:1").due_at - remote.now).total_seconds())
        remote.now = order(remote, "CA1:1").due_at
        remote.client = remote.new_client()
        remote.deliver()
    assert waits == [5, 15, 60, 300, 1800, 86400]


def test_an_outcome_that_no_call_heard_is_told_once_and_only_then(remote: RemoteHarness) -> None:
    """One caller heard "pending", one hung up before hearing anything, one hears the outcome."""
    remote.core.fail("transfer", "lost", "lost", "lost")
    for number in (1, 2, 3):
        remote.ask(transfer(f"CA{number}:1", number * 1_000_00))
    remote.deliver()
    remote.pass_time(seconds=6)
    assert remote.ask(transfer("CA1:1")).state == "pending"
    remote.client = remote.new_client()
    remote.deliver()
    assert remote.ask(transfer("CA3:1", 3_000_00)).state == "done"
    remote.pass_time(seconds=29)
    remote.deliver()
    assert remote.late == []
    remote.pass_time(seconds=1)
    remote.deliver()
    remote.deliver()
    assert remote.late == [(key, "done", order(remote, key).reference) for key in ("CA1:1", "CA2:1")]


def test_an_outcome_that_cannot_be_told_is_tried_again_and_keeps_no_other(remote: RemoteHarness) -> None:
    remote.ask(transfer("CA1:1"))
    remote.ask(transfer("CA2:1", 2_000_00))
    remote.deliver()
    remote.pass_time(seconds=30)
    failing = remote.dispatch()

    def late(_: Session, owed: CoreOrder, _now: datetime) -> None:
        if owed.key == "CA1:1":
            raise ZeroDivisionError
        remote.late.append((owed.key, owed.state, owed.reference))

    replace(failing, late=late).work()
    assert [key for key, _, _ in remote.late] == ["CA2:1"]
    remote.deliver()
    assert [key for key, _, _ in remote.late] == ["CA2:1"]
    remote.pass_time(minutes=5)
    remote.deliver()
    assert [key for key, _, _ in remote.late] == ["CA2:1", "CA1:1"]


def test_each_order_and_each_conclusion_stands_in_the_audit_log(remote: RemoteHarness) -> None:
    remote.core.fail("transfer", "down")
    remote.ask(transfer("CA1:1"))
    remote.deliver()
    remote.pass_time(seconds=5)
    remote.deliver()
    with Session(remote.database.durable) as db:
        entries = db.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        kept = [(each.actor, each.deed, json.loads(each.details)["state"]) for each in entries]
        assert kept == [("caller", "order_made", "waiting"), ("core", "order_concluded", "done")]
        assert chain.verify(db, remote.core.harness.keyring) is None


def test_an_order_that_the_core_declines_late_is_refused_and_gives_the_money_back(remote: RemoteHarness) -> None:
    remote.ask(transfer("CA1:1", 5_000_00))
    remote.pass_time(seconds=6)
    assert remote.ask(transfer("CA1:1", 5_000_00)).state == "pending"
    until = remote.now + timedelta(hours=24)
    remote.core.harness.ask(lambda bank: bank.hold_transfers(WANG, until))
    remote.deliver()
    remote.pass_time(seconds=30)
    remote.deliver()
    refused = remote.ask(transfer("CA1:1", 5_000_00))
    assert (refused.state, refused.refusal, refused.until) == ("refused", "held", until)
    assert remote.late == [("CA1:1", "refused", refused.reference)]
    assert available(remote) == 52_380_66


def test_a_worker_that_died_while_sending_left_an_order_that_is_asked_after(remote: RemoteHarness) -> None:
    remote.ask(transfer("CA1:1"))
    claim = remote.claim()
    assert claim is not None
    assert order(remote, "CA1:1").state == "sent"
    remote.deliver()
    assert "transfer" not in remote.core.asked  # the lease still stands
    remote.pass_time(seconds=60)
    remote.deliver()
    assert steps(remote) == ["outcome", "transfer"]
    assert effects(remote, "CA1:1") == [-1_000_00, 1_000_00]


@pytest.mark.parametrize(("fault", "state"), [("", "done"), ("down", "pending")])
def test_a_worker_that_was_overtaken_concludes_nothing(remote: RemoteHarness, fault: Fault, state: str) -> None:
    remote.ask(transfer("CA1:1"))
    slow = remote.dispatch()
    claim = remote.claim()
    assert claim is not None
    remote.pass_time(seconds=60)
    remote.core.fail("outcome", fault)
    remote.deliver()
    slow._conclude(claim, "declined", Posting("refused", "", "no_funds"))
    assert order(remote, "CA1:1").state == state


def test_a_core_that_is_gone_accepts_no_order_and_says_so(remote: RemoteHarness) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        remote.client = remote.new_client(f"http://127.0.0.1:{unused.getsockname()[1]}")
    with pytest.raises(CoreUnavailable):
        remote.ask(transfer("CA1:1"))
    check = remote.ask(lambda bank: bank.password_check(WANG, "query", "739164"))
    with pytest.raises(CoreUnavailable):
        check()
    with Session(remote.database.durable) as db:
        assert db.get(CoreOrder, "CA1:1") is None


def test_an_order_that_no_key_opens_waits_and_keeps_no_other(remote: RemoteHarness) -> None:
    for key in ("CA1:1", "CA2:1"):
        remote.ask(transfer(key))
    with Session(remote.database.durable) as db:
        sealed = db.get_one(CoreOrder, "CA1:1")
        kept, sealed.body = sealed.body, b"x" * 40
        db.commit()
    remote.deliver()
    assert [order(remote, key).state for key in ("CA1:1", "CA2:1")] == ["waiting", "done"]
    with Session(remote.database.durable) as db:
        db.get_one(CoreOrder, "CA1:1").body = kept
        db.commit()
    remote.deliver()
    assert order(remote, "CA1:1").state == "waiting"  # the lease still stands
    remote.pass_time(seconds=60)
    remote.deliver()
    assert steps(remote) == ["transfer", "transfer"]
    assert order(remote, "CA1:1").state == "done"


def test_a_hold_is_told_with_the_password_that_it_follows(remote: RemoteHarness) -> None:
    remote.ask(lambda bank: bank.hold_transfers(WANG, remote.now + timedelta(hours=24)))
    remote.deliver()
    remote.pass_time(minutes=10)
    remote.deliver()
    assert remote.core.asked == ["hold_transfers"]
    assert remote.late == []


def test_a_report_keeps_its_end_where_the_outcome_names_none(remote: RemoteHarness) -> None:
    until, card = remote.now + timedelta(days=5), "6222021001122334458"
    made = remote.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, until))
    worker = remote.dispatch()
    claim = remote.claim()
    assert claim is not None
    worker._conclude(claim, "confirmed", Posting("done", ""))
    assert remote.ask(lambda bank: bank.report_loss("CA1:1", WANG, card, until)) == made


def test_what_was_done_before_its_outcome_is_known_leaves_no_less_than_nothing(remote: RemoteHarness) -> None:
    """The core has taken the money off already, and the hotline holds it too."""
    remote.core.fail("transfer", "lost")
    remote.ask(transfer("CA1:1", 5_000_00, "2"))
    remote.deliver()
    assert [each.available_fen for each in remote.ask(lambda bank: bank.accounts(WANG))] == [52_380_66, 0]
