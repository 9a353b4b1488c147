"""A password check on a machine whose cores are busy with other processes of normal priority."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.context import Bench
from bench.report import Row
from bench.servers import CORES, ROOT
from ivr.bank.ledger.hashing import YIELDS_SECONDS, PasswordHasher
from ivr.foundation.config import read_settings
from ivr.foundation.crypto import Keyring

SPINNERS, CHECKS, FEW = 10, 25, 5
SPIN = "while True: pass"


@contextmanager
def spinning() -> Iterator[None]:
    """Run ten busy-looping processes."""
    running = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(SPINNERS)]  # noqa: S603 - ours
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


def longest(yields_seconds: float, checks: int) -> tuple[float, float]:
    """Median and maximum seconds of sequential checks."""
    rules = read_settings(ROOT / "config.yaml").verification.hashing
    keyring = Keyring(("bench-" + "0123456789abcdef" * 2,))
    hasher = PasswordHasher(keyring, rules.memory_kib, rules.passes, rules.lanes, rules.at_once, yields_seconds)
    hashed = hasher.hash("bench", "739164")
    took = []
    for _ in range(checks):
        began = time.monotonic()
        hasher.verify(hashed, "bench", "739164")
        took.append(time.monotonic() - began)
    return statistics.median(took), max(took)


def busy(bench: Bench) -> list[Row]:
    """Password checks beside ten busy-looping processes, with and without threads of normal priority that take over."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, CORES)
    try:
        idle = longest(YIELDS_SECONDS, CHECKS)
        with spinning():
            late, alone = longest(YIELDS_SECONDS, CHECKS), longest(3600.0, FEW)
    finally:
        os.sched_setaffinity(0, own)
    bench.say(f"idle {idle[1]:.3f} s, taken over {late[1]:.3f} s, yielding alone {alone[1]:.3f} s")
    note = f"median {late[0]:.2f} s; idle {idle[0]:.3f} s; where nothing takes over {alone[0]:.2f} s"
    what = f"longest of {CHECKS} password checks beside {SPINNERS} processes that spin"
    return [Row(what, f"**{late[1]:.2f}** s", "<= 1 s", late[1] <= 1.0, note)]
