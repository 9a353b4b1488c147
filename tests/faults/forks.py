"""python -m tests.faults.forks: load the product and build its flows once, then fork a worker for each line read.

A worker that is started anew takes three seconds to get there. A line is a JSON list: the program (a module of this
folder), then its arguments. The worker answers with a line of its own: its process id and its port.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.databases import ROOT
from tests.support.seeding import built

PROGRAMS = ("child", "carrier")
WAIT_SECONDS = 60


@dataclass(frozen=True)
class Forked:
    """A worker that runs."""

    pid: int
    port: int

    def kill(self) -> None:
        """kill -9; returns when it is gone. It may be gone already."""
        deadline = time.monotonic() + WAIT_SECONDS
        while self._signalled(signal.SIGKILL):
            assert time.monotonic() < deadline, "a process outlives kill -9"
            time.sleep(0.01)  # it is not our own child, for which one could wait

    def _signalled(self, number: int) -> bool:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True


class Forks:
    """The process that forks workers."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self, program: str, *arguments: str) -> Forked:
        """A worker that runs one of the programs; returns when it serves."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([program, *arguments]) + "\n")
        self._process.stdin.flush()
        pid, port = self._process.stdout.readline().split()
        return Forked(int(pid), int(port))


@contextmanager
def open_forks() -> Iterator[Forks]:
    """Start it, and end it."""
    command = [sys.executable, "-m", "tests.faults.forks"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Forks(process)
        process.kill()


def serving(port: int) -> None:
    """A worker says that it serves at a port; 0 where it has none."""
    sys.stdout.write(f"{os.getpid()} {port}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork until standard input ends. No thread runs here, so a fork is whole."""
    built()
    programs = {name: importlib.import_module(f"tests.faults.{name}").main for name in PROGRAMS}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the workers
    for line in sys.stdin:
        program, *arguments = json.loads(line)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                programs[program](*arguments)
            finally:
                os._exit(0)


if __name__ == "__main__":
    main()
