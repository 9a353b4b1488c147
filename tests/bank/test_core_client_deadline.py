"""A question ends in time whatever the core does between two bytes, and so does the connection it was put on."""

import socket
import threading

import pytest

from ivr.bank.remote import shapes
from ivr.bank.remote.client import Budget, CoreClient
from ivr.foundation.deadline import CancellableRequest, DeadlineExecutor
from ivr.foundation.errors import CoreUnavailable
from tests.bank.remote import WANG, RemoteHarness, effects, order, transfer
from tests.fakes.core_server import TOKEN, CoreServer, Fault

DRIPS: list[Fault] = ["drips_headers", "drips_body", "continues"]


def accounts(client: CoreClient, budget: Budget | None = None) -> object:
    return client.ask("accounts", shapes.ACCOUNTS, {"customer": WANG}, budget=budget)


@pytest.mark.parametrize("fault", DRIPS)
def test_an_answer_that_drips_is_no_answer_and_its_connection_is_cut(core: CoreServer, fault: Fault) -> None:
    """Its last byte, which makes it a good answer, comes long after the time that a question may take."""
    core.fail("accounts", fault)
    client = CoreClient(core.url, TOKEN, seconds=0.4)
    with pytest.raises(CoreUnavailable, match="took too long over accounts"):
        accounts(client)
    assert core.gave_up.wait(20)
    assert accounts(client), "the line serves on, by a connection of its own"


@pytest.mark.parametrize("fault", DRIPS)
def test_an_answer_that_drips_takes_no_more_than_what_is_left_of_the_turn(core: CoreServer, fault: Fault) -> None:
    core.fail("accounts", fault)
    with pytest.raises(CoreUnavailable, match="took too long"):
        accounts(CoreClient(core.url, TOKEN, seconds=30), Budget(left=0.4))


def test_a_redirect_is_not_followed(core: CoreServer) -> None:
    core.fail("accounts", "moved")
    with pytest.raises(CoreUnavailable, match="307"):
        accounts(CoreClient(core.url, TOKEN))
    assert core.asked == ["accounts"]


@pytest.mark.parametrize("fault", DRIPS)
def test_an_instruction_whose_answer_drips_is_pending_and_done_once(remote: RemoteHarness, fault: Fault) -> None:
    remote.core.fail("transfer", fault)
    remote.ask(transfer("CA1:1"))
    remote.deliver()
    assert order(remote, "CA1:1").state == "pending"
    remote.pass_time(seconds=6)
    remote.deliver()
    assert order(remote, "CA1:1").state == "done"
    assert effects(remote, "CA1:1") == [-1_000_00, 1_000_00]


def test_a_name_that_is_never_found_ends_in_time(core: CoreServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's resolver has no time limit that we set."""
    answered, known = threading.Event(), socket.getaddrinfo

    def never(*given: object, **more: object) -> object:
        answered.wait(20)
        return known(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("socket.getaddrinfo", never)
    with pytest.raises(CoreUnavailable, match="took too long"):
        accounts(CoreClient(core.url, TOKEN, seconds=0.2))
    answered.set()


def test_what_found_no_thread_in_time_never_begins() -> None:
    """A caller was told that nothing is known; the question must not leave after that."""
    deadlines, held, begun = DeadlineExecutor(1), threading.Event(), threading.Event()

    def hold(_exchange: CancellableRequest) -> None:
        held.wait(20)

    def begin(_exchange: CancellableRequest) -> None:
        begun.set()

    for work in (hold, begin):
        with pytest.raises(TimeoutError):
            deadlines.run(work, 0.05)
    held.set()
    deadlines.run(lambda _exchange: None, 20)  # the one thread has nothing left to do before this
    assert not begun.is_set()


def test_a_connection_that_was_given_back_is_not_cut() -> None:
    here, there = socket.socketpair()
    with here, there:
        exchange = CancellableRequest()
        exchange.watch(here)
        exchange.release()
        exchange.cancel()
        here.sendall(b"x")
        assert there.recv(1) == b"x"
        exchange.watch(here)
        assert there.recv(1) == b"", "one that is cut already reads nothing more"
