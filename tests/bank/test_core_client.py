"""The HTTP client of a remote core: trusted URLs, deadlines, circuit breaker, and the meaning of 404."""

from itertools import count

import pytest

from ivr.bank.remote import shapes
from ivr.bank.remote.client import Budget, CoreClient
from ivr.foundation.errors import ConfigurationError, CoreUnavailable
from tests.bank.remote import WANG, RemoteHarness, available, order, transfer
from tests.fakes.core_server import TOKEN


@pytest.mark.parametrize("url", ["http://core.example.com", "ftp://core", "core", "http://127.0.0.1.example.com"])
def test_a_line_that_others_could_listen_to_is_refused(remote: RemoteHarness, url: str) -> None:
    with pytest.raises(ConfigurationError, match="https"):
        remote.new_client(url)


def test_after_failures_the_core_is_left_alone_and_then_tried_again(remote: RemoteHarness) -> None:
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


def test_the_questions_of_one_turn_share_its_time(remote: RemoteHarness) -> None:
    """A core that answers each query late, but in time, cannot exceed the time budget of a turn."""
    ticks = count()
    remote.client = CoreClient(remote.core.url, TOKEN, seconds=30, steady=lambda: next(ticks))
    budget = Budget(left=60)
    remote.client.ask("accounts", shapes.ACCOUNTS, {"customer": WANG}, budget=budget)
    assert budget.left < 60
    budget.left, asked = 0, len(remote.core.asked)
    with pytest.raises(CoreUnavailable, match="in this turn is used up"):
        remote.client.ask("accounts", shapes.ACCOUNTS, {"customer": WANG}, budget=budget)
    assert len(remote.core.asked) == asked


@pytest.mark.parametrize(("seconds", "left"), [(30, 0.2), (0.2, 30)])
def test_a_question_takes_no_more_than_its_time_and_what_is_left_of_the_turn(
    remote: RemoteHarness, seconds: float, left: float
) -> None:
    """The core answers well after two seconds: who hears that answer has waited too long."""
    remote.core.fail("accounts", "slow")
    client = CoreClient(remote.core.url, TOKEN, seconds=seconds)
    with pytest.raises(CoreUnavailable):
        client.ask("accounts", shapes.ACCOUNTS, {"customer": WANG}, budget=Budget(left=left))


def test_a_clock_that_is_set_back_keeps_no_line_closed(remote: RemoteHarness) -> None:
    moment = 1000.0
    remote.client = CoreClient(remote.core.url, TOKEN, seconds=5, steady=lambda: moment)
    remote.core.fail("accounts", "down", "down", "down")
    for _ in range(3):
        with pytest.raises(CoreUnavailable):
            remote.ask(lambda bank: bank.accounts(WANG))
    assert not remote.client.is_open
    remote.pass_time(days=-1)
    moment += 10
    assert available(remote) == 52_380_66


@pytest.mark.parametrize("customer_id", [WANG, "nobody:0123"])
def test_who_is_unknown_to_the_core_is_none_and_no_fault(remote: RemoteHarness, customer_id: str) -> None:
    """A core may answer 404 where the protocol has a word for nobody: callers must not hear the difference."""
    remote.core.fail("holder_of_card", "unknown")
    remote.core.fail("accounts", "unknown")
    remote.core.fail("password_check", "unknown")
    assert remote.ask(lambda bank: bank.holder_of_card("6222021001122334458")) is None
    assert remote.ask(lambda bank: bank.accounts(customer_id)) == ()
    assert remote.ask(lambda bank: bank.password_check(customer_id, "query", "739164"))() is False
    assert remote.core.asked == ["holder_of_card", "accounts", "password_check"]
