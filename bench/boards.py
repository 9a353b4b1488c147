"""A caller's turn while two hundred wallboards are open, on both databases."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import calls, databases
from bench.context import SERVICES, Bench
from bench.postgres import new_database, postgres
from bench.report import Row, times
from bench.rounds import CONNECTIONS, Contender, spread
from bench.servers import CALLER_CORE, ROOT, Server, serving
from bench.traffic import Traffic

BOARDS, MOST_SLOWER = 200, 1.10
STREAM_THREADS, NICE = 512, 10  # as deploy/systemd/hotline-console.service has it
AGAIN_NICE = 5  # the browsers run elsewhere: here they give way even to the console
SPIN = "while True: pass"


def boards(bench: Bench) -> list[Row]:
    """Turns a second without and with two hundred wallboards that are changed every second and fetched anew."""
    rows = [_row(bench, "SQLite", bench.database("boards", 10))]
    with postgres(bench.folder / "postgres-boards") as sockets:
        settings = databases.environment(new_database(sockets, "boards"))
        databases.prepare(settings, 10)
        rows.append(_row(bench, "PostgreSQL", settings))
    return rows


def _row(bench: Bench, kind: str, settings: Mapping[str, str]) -> Row:
    log, measured = bench.folder / "servers.log", []
    with ExitStack() as stack:
        voice = bench.contender(stack, "bench.contenders:product()", dict(settings), calls.information(SERVICES))
        console = stack.enter_context(
            serving("console:app", settings, log, core=CALLER_CORE, nice=NICE, threads=STREAM_THREADS)
        )
        stack.enter_context(_awake())
        _rate(bench, voice, 0)
        for number in range(1, bench.rounds + 1):
            measured.append(_round(bench, voice, console, settings["IVR_DATABASE_URL"], number))
            alone, beside = measured[-1].alone, measured[-1].beside
            bench.say(f"round {number}/{bench.rounds}, {kind}: {alone:.0f}/s alone, {beside:.0f}/s beside the boards")
    slower, costlier = (spread(getattr(each, name) for each in measured) for name in ("slower", "costlier"))
    used = 100 * statistics.median(each.console for each in measured)
    note = f"by processor time of a turn {times(costlier)}; the console used {used:.0f} % of the callers' core"
    what = f"{kind}: time of a turn beside {BOARDS} open wallboards / without"
    return Row(what, times(slower), f"<= {MOST_SLOWER:.2f}", slower[0] <= MOST_SLOWER, note)


@dataclass(frozen=True)
class Round:
    """Turns a second, the processor time of a turn in microseconds, and the console's share of a core."""

    alone: float
    beside: float
    cost_alone: float
    cost_beside: float
    console: float

    @property
    def slower(self) -> float:
        """How much longer a turn takes beside the boards."""
        return self.alone / self.beside

    @property
    def costlier(self) -> float:
        """How much more processor time a turn takes beside the boards."""
        return self.cost_beside / self.cost_alone


def _round(bench: Bench, voice: Contender, console: Server, url: str, number: int) -> Round:
    """Without, with, without: what else happens on the machine disturbs both alike."""
    before = _rate(bench, voice, 3 * number)
    with _shown(console, url):
        began = console.cpu_seconds()
        beside = _rate(bench, voice, 3 * number + 1)
        used = (console.cpu_seconds() - began) / bench.seconds
    after = _rate(bench, voice, 3 * number + 2)
    return Round((before[0] + after[0]) / 2, beside[0], (before[1] + after[1]) / 2, beside[1], used)


def _rate(bench: Bench, voice: Contender, number: int) -> tuple[float, float]:
    """Turns a second and the cost of one, on calls of this number's own: a repeated one gets its stored answer."""
    began = voice.server.cpu_seconds()
    with Traffic(voice.server.port, number) as traffic:
        outcome = traffic.saturate(voice.plan, CONNECTIONS, bench.seconds if number else 1.0)
    if outcome.errors:
        raise RuntimeError(outcome.errors[0])
    return outcome.rate, (voice.server.cpu_seconds() - began) / outcome.turns * 1e6


@contextmanager
def _awake() -> Iterator[None]:
    """Keeps the callers' core awake at the lowest priority: on one that sleeps callers are slow."""
    spins = subprocess.Popen([sys.executable, "-c", SPIN], preexec_fn=lambda: os.nice(19))  # noqa: S603 - ours
    try:
        yield
    finally:
        spins.kill()
        spins.wait()


@contextmanager
def _shown(console: Server, url: str) -> Iterator[None]:
    """The wallboards, open until the end of the block."""
    command = [sys.executable, "-m", "bench.wallboards", str(console.port), str(BOARDS), url]
    shown = subprocess.Popen(  # noqa: S603 - ours
        command, cwd=ROOT, stdout=subprocess.PIPE, preexec_fn=lambda: os.nice(NICE + AGAIN_NICE)
    )
    try:
        if shown.stdout is None or shown.stdout.readline() != b"open\n":
            raise RuntimeError("the wallboards did not open")
        yield
        if shown.poll() is not None:
            raise RuntimeError("the wallboards ended")
    finally:
        shown.terminate()
        shown.wait(15)
