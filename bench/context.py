"""The context of every case: how much to measure, servers, and databases."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import calls, databases
from bench.calls import Step
from bench.rounds import Contender
from bench.servers import serving

SERVICES = 4  # in the bundle of ten steps
STATE_BYTES = 2048


@dataclass(frozen=True)
class Bench:
    """The extent of the measurement, its folder, and the output of progress."""

    folder: Path
    rounds: int
    seconds: float
    sizes: Sequence[int]
    past: Sequence[int]
    say: Callable[[str], None]

    def contender(
        self, stack: ExitStack, application: str, settings: dict[str, str], walk: Sequence[Step]
    ) -> Contender:
        """Start a server and run its call once."""
        server = stack.enter_context(serving(application, settings, self.folder / "servers.log"))
        return Contender(server, calls.plan(server.port, walk))

    def database(self, name: str, steps: int, past: int = 0) -> dict[str, str]:
        """Create a SQLite database; returns the environment of its server."""
        return dict(databases.sqlite_database(self.folder / f"{name}.db", steps, past))


def largest_state(path: Path) -> int:
    """The size in bytes of the largest sealed session in a database."""
    with sqlite3.connect(path) as raw:
        largest: int = raw.execute("SELECT max(length(state)) FROM calls").fetchone()[0]
    raw.close()
    return largest
