"""Hashes of telephone passwords."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ivr.bank.core import PasswordKind
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.bank.ledger.passwords import owner
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.bank.harnesses import LedgerHarness

WHOSE = owner("wang_fang", "query")


class CountingHasher(PasswordHasher):
    """A hasher that counts the slow work it does."""

    def __init__(self, keyring: Keyring) -> None:
        self.worked = 0
        super().__init__(keyring, 8, 1, 1, 2)

    def verify(self, hashed: str, owner: str, value: str) -> bool:
        """Count, and check; a hash that is malformed would cost nothing."""
        assert hashed.startswith("$argon2id$")
        self.worked += 1
        return super().verify(hashed, owner, value)


def test_a_password_fits_its_hash_and_no_other(fast_hasher: PasswordHasher) -> None:
    hashed = fast_hasher.hash(WHOSE, "739164")
    assert fast_hasher.verify(hashed, WHOSE, "739164")
    assert not fast_hasher.verify(hashed, WHOSE, "739165")
    assert not fast_hasher.verify(hashed, WHOSE, "")
    assert hashed.startswith("$argon2id$")
    assert "739164" not in hashed


def test_two_hashes_of_one_password_differ(fast_hasher: PasswordHasher) -> None:
    assert fast_hasher.hash(WHOSE, "739164") != fast_hasher.hash(WHOSE, "739164")


def test_without_the_key_a_hash_opens_nothing(fast_hasher: PasswordHasher) -> None:
    elsewhere = PasswordHasher(Keyring(("another-installation-" * 3,)), 8, 1, 1, 1)
    assert not elsewhere.verify(fast_hasher.hash(WHOSE, "739164"), WHOSE, "739164")


@pytest.mark.parametrize("broken", ["", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAA$", "$2b$12$abc", "密码"])
def test_a_malformed_hash_fits_nothing(fast_hasher: PasswordHasher, broken: str) -> None:
    assert fast_hasher.verify(broken, WHOSE, "739164") is False


def test_nobody_has_a_password(fast_hasher: PasswordHasher) -> None:
    assert fast_hasher.dummy(WHOSE, "739164") is False
    assert fast_hasher.dummy(WHOSE, "nobody has this password") is False


def test_many_threads_get_their_own_answers(fast_hasher: PasswordHasher) -> None:
    hashes = {password: fast_hasher.hash(WHOSE, password) for password in ("739164", "285907", "604271")}
    asked = [(kept, given) for kept in hashes for given in hashes] * 5
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pair: fast_hasher.verify(hashes[pair[0]], WHOSE, pair[1]), asked))
    assert answers == [kept == given for kept, given in asked]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_hashing_yields_to_the_turns_of_other_callers(keyring: Keyring) -> None:
    before = set(threading.enumerate())
    hasher = PasswordHasher(keyring, 8, 1, 1, 2)
    assert hasher.verify(hasher.hash(WHOSE, "739164"), WHOSE, "739164")
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    hashing = [each.native_id or 0 for each in set(threading.enumerate()) - before]
    assert hashing
    assert all(os.getpriority(os.PRIO_PROCESS, each) == min(19, ours + 10) for each in hashing)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == ours


class Starved(PasswordHasher):
    """A hasher whose yielding threads never get the processor: they wait until told, and work only then."""

    def __init__(self, keyring: Keyring, yields_seconds: float = 0.01) -> None:
        self.machine_is_free = threading.Event()
        super().__init__(keyring, 8, 1, 1, 1, yields_seconds)

    def starve(self) -> None:
        """Give the one yielding thread something that does not end."""
        self._yielding.submit(self.machine_is_free.wait, 60)


def test_a_machine_that_leaves_nothing_keeps_no_caller_waiting(keyring: Keyring) -> None:
    """The hash is done by a thread that does not yield; what has not begun on the other is not done twice."""
    hasher = Starved(keyring)
    hashed = hasher.hash(WHOSE, "739164")
    hasher.starve()
    with ThreadPoolExecutor(4) as callers:
        try:
            checks = [callers.submit(hasher.verify, hashed, WHOSE, given) for given in ("739164", "739165") * 4]
            assert [check.result(30) for check in checks] == [True, False] * 4
        finally:
            hasher.machine_is_free.set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_who_has_waited_is_served_by_a_thread_that_does_not_yield(keyring: Keyring) -> None:
    hasher = Starved(keyring)
    hasher.starve()
    try:
        niceness = hasher._computed(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    finally:
        hasher.machine_is_free.set()
    assert niceness == os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_hash_that_began_on_a_starved_thread_is_done_by_another(keyring: Keyring) -> None:
    hasher, begun = Starved(keyring, yields_seconds=3), threading.Event()  # time to begin on a busy machine

    def slow_on_the_first_thread() -> str:
        if threading.current_thread().name.startswith("passwords_"):
            begun.set()
            hasher.machine_is_free.wait(60)
        return threading.current_thread().name

    with ThreadPoolExecutor(1) as caller:
        try:
            asked = caller.submit(hasher._computed, slow_on_the_first_thread)
            assert begun.wait(30)
            assert asked.result(30).startswith("passwords-late")
        finally:
            hasher.machine_is_free.set()


@pytest.mark.parametrize("kind", ["query", "transaction"])
@pytest.mark.parametrize(
    ("customer_id", "given"),
    [("wang_fang", "739164"), ("wang_fang", "111111"), ("no_such_customer", "739164"), ("nobody:0123", "111111")],
)
def test_a_customer_that_does_not_exist_costs_as_many_hashes_as_one_that_does(
    database: Database, keyring: Keyring, settings: Settings, customer_id: str, given: str, kind: PasswordKind
) -> None:
    hasher = CountingHasher(keyring)
    harness = LedgerHarness(database, keyring, settings, hasher).open()
    hasher.worked = 0
    is_right = harness.ask(lambda bank: bank.password_check(customer_id, kind, given))()
    assert is_right == ((customer_id, kind, given) == ("wang_fang", "query", "739164"))
    assert hasher.worked == 1
