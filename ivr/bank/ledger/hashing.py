"""Password hashes: Argon2id over a keyed digest (pepper), so that a stolen table alone reveals no password."""

import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeVar

from argon2 import PasswordHasher as Argon2
from argon2 import Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from ivr.foundation.crypto import Keyring

SALT_BYTES = 16
T = TypeVar("T")
YIELDS_SECONDS = 0.1  # twice the time of a hash on a core that is half busy with turns
NICENESS = 10  # a tenth of the weight of a thread that serves a turn


def _step_back() -> None:
    """Lower this thread's priority below the threads that serve turns (Linux only; elsewhere without effect)."""
    if sys.platform == "linux":
        us = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, us, min(19, os.getpriority(os.PRIO_PROCESS, us) + NICENESS))


class PasswordHasher:
    """Computes and verifies hashes; at most `at_once` at the same time in one process.

    Measured on one core of the two-core machine this was written on: memory 19,456 KiB, 2 passes, 1 lane (the
    defaults of config.yaml, OWASP's second choice) take 25 ms and 19 MiB a hash; 46,080 KiB and 1 pass take 62 ms.
    A million passwords are 7 core-hours without the pepper's key, which is why the pepper is what protects a stolen
    table. `at_once` bounds the memory and keeps a core free for the calls that ask for no password.

    Hashing threads run at a low priority, so that a hash delays no other caller's turn. On a machine that is busy with
    other programs they may starve; so after `yields_seconds` the hash is started again on a thread of normal priority,
    and the first result counts. (Raising the priority of a running thread would need a privilege.)
    """

    def __init__(
        self,
        keyring: Keyring,
        memory_kib: int,
        passes: int,
        lanes: int,
        at_once: int,
        yields_seconds: float = YIELDS_SECONDS,
    ) -> None:
        self._keyring = keyring
        self._argon2 = Argon2(passes, memory_kib, lanes, salt_len=SALT_BYTES, type=Type.ID)
        self._yields_seconds = yields_seconds
        self._yielding = ThreadPoolExecutor(at_once, "passwords", initializer=_step_back)
        self._prompt = ThreadPoolExecutor(at_once, "passwords-late")
        self._nobody = self.hash("", "nobody has this password")

    def hash(self, owner: str, value: str) -> str:
        """The salted hash of a password in PHC format; two hashes of the same password differ.

        `owner` names the customer and the kind of password; the hash is bound to both.
        """
        return self._computed(self._argon2.hash, self._peppered(owner, value))

    def verify(self, hashed: str, owner: str, value: str) -> bool:
        """Whether the password matches this hash; False, not an exception, for a malformed hash."""
        try:
            return self._computed(self._argon2.verify, hashed, self._peppered(owner, value))
        except (VerifyMismatchError, VerificationError, InvalidHashError, ValueError):
            return False

    def dummy(self, owner: str, value: str) -> bool:
        """Always False, after the time of a real check: for customers that do not exist."""
        self.verify(self._nobody, owner, value)
        return False

    def _computed(self, work: Callable[..., T], *given: object) -> T:
        """Run slow work on the hashing threads; returns its result or raises its error."""
        yielding = self._yielding.submit(work, *given)
        wait((yielding,), self._yields_seconds)
        if yielding.done():
            return yielding.result()
        yielding.cancel()  # if it has not started
        prompt = self._prompt.submit(work, *given)
        running = [prompt] if yielding.cancelled() else [yielding, prompt]
        first = next(iter(wait(running, return_when=FIRST_COMPLETED).done))
        prompt.cancel()
        return first.result()

    def _peppered(self, owner: str, value: str) -> bytes:
        return self._keyring.pepper("password", json.dumps([owner, value]))
