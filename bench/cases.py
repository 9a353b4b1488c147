"""What is measured. Each case prints its rounds and gives rows of the report."""

import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import bundles, calls, flows, houses
from bench.calls import Step
from bench.postgres import new_database, postgres
from bench.report import Row, times
from bench.rounds import CONNECTIONS, Contender, interleaved, spread
from bench.servers import ROOT, serving
from bench.traffic import Outcome, Traffic

SERVICES = 4  # of the bundle of ten steps
PAUSE_SECONDS = 6.0  # a caller listens and keys this long, on average
STATE_BYTES = 2048


@dataclass(frozen=True)
class Bench:
    """How much is measured, where, and to whom progress is told."""

    folder: Path
    rounds: int
    seconds: float
    sizes: Sequence[int]
    past: Sequence[int]
    say: Callable[[str], None]

    def contender(
        self, stack: ExitStack, application: str, settings: dict[str, str], walk: Sequence[Step]
    ) -> Contender:
        """Start a server and walk its call once."""
        server = stack.enter_context(serving(application, settings, self.folder / "servers.log"))
        return Contender(server, calls.plan(server.port, walk))

    def house(self, name: str, steps: int, past: int = 0) -> dict[str, str]:
        """A new SQLite database."""
        return dict(houses.sqlite_house(self.folder / f"{name}.db", steps, past))


def turn(bench: Bench) -> list[Row]:
    """A durable signed turn against the menu that Twilio teaches and against a constant string."""
    walk = calls.information(SERVICES)
    with ExitStack() as stack:
        contenders = {
            "constant": bench.contender(stack, "bench.contenders:constant()", {}, [Step("1", bundles.MENU)] * 10),
            "menu": bench.contender(stack, "bench.menu:menu()", {}, walk),
            "hotline": bench.contender(stack, "bench.contenders:product()", bench.house("turn", 10), walk),
            "hotline FULL": bench.contender(stack, "bench.contenders:product_full()", bench.house("full", 10), walk),
        }
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rates = ", ".join(f"{name} {result.rate(name):.0f}/s ({result.cost(name):.0f} µs)" for name in contenders)
    quick, full = result.ratio("hotline", "menu"), result.ratio("hotline FULL", "menu")
    return [
        Row("durable signed turn / stateless unsigned menu", times(quick), ">= 0.5, aiming at 0.7", quick[0] >= 0.5,
            f"{rates}; by processor time of the server {times(result.cost_ratio('menu', 'hotline'))}"),
        Row("the same where every turn commits as money does (FULL)", times(full), "", None,
            "the disk decides: each turn waits for it"),
        Row("durable signed turn / constant TwiML string", times(result.ratio("hotline", "constant")), "", None),
        Row("stateless menu / constant TwiML string", times(result.ratio("menu", "constant")), "", None),
    ]  # fmt: skip


def steps(bench: Bench) -> list[Row]:
    """The same call in bundles of ten, a thousand and ten thousand steps."""
    with ExitStack() as stack:
        contenders = {}
        for size in bench.sizes:
            bench.say(f"a bundle of {size} steps")
            settings = bench.house(f"steps{size}", size)
            walk = calls.information((size - 2) // 2)
            contenders[str(size)] = bench.contender(stack, "bench.contenders:product()", settings, walk)
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rows = []
    for size in bench.sizes[1:]:
        ratio = result.cost_ratio(str(size), str(bench.sizes[0]))
        rates = (
            f"{result.rate(str(size)):.0f}/s; by turns a second {times(result.ratio(str(size), str(bench.sizes[0])))}"
        )
        what = f"cost of a turn, {size:,} steps / {bench.sizes[0]} steps"
        rows.append(Row(what, times(ratio), "<= 1.10", ratio[0] <= 1.10, rates))
    return rows


def long_calls(bench: Bench) -> list[Row]:
    """Calls of a hundred turns: the last ten against the second ten, and what the session has grown to."""
    ratios = []
    with ExitStack() as stack:
        settings = bench.house("long", 10)
        contender = bench.contender(stack, "bench.contenders:product()", settings, calls.long_call(100))
        for number in range(bench.rounds):
            with Traffic(contender.server.port, number) as traffic:
                outcome = traffic.saturate(contender.plan, 1, bench.seconds * 2)
            if outcome.errors:
                raise RuntimeError(outcome.errors[0])
            early, late = (
                statistics.median(took for turn in part for took in outcome.by_turn.get(turn, []))
                for part in (range(10, 20), range(90, 100))
            )
            ratios.append(late / early)
            bench.say(f"round {number + 1}/{bench.rounds}: turn 90-99 / turn 10-19 = {ratios[-1]:.3f}")
    state = _largest_state(bench.folder / "long.db")
    ratio = spread(ratios)
    return [
        Row("cost of turns 90-99 / turns 10-19 of a call", times(ratio), "<= 1.10", ratio[0] <= 1.10),
        Row("session of a call after its 100th turn", f"{state:,} bytes", "<= 2,048", state <= STATE_BYTES, "sealed"),
    ]


def _largest_state(path: Path) -> int:
    with sqlite3.connect(path) as raw:
        largest: int = raw.execute("SELECT max(length(state)) FROM calls").fetchone()[0]
    raw.close()
    return largest


def past_calls(bench: Bench) -> list[Row]:
    """The same call in databases with more and more past calls."""
    with ExitStack() as stack:
        contenders, filled = {}, {}
        for past in bench.past:
            began = time.monotonic()
            settings = bench.house(f"past{past}", 10, past)
            size = (bench.folder / f"past{past}.db").stat().st_size / 1e6
            filled[past] = f"filled in {time.monotonic() - began:.0f} s, {size:,.0f} MB"
            bench.say(f"{past:,} past calls, {filled[past]}")
            walk = calls.information(SERVICES)
            contenders[str(past)] = bench.contender(stack, "bench.contenders:product()", settings, walk)
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rows = []
    for past in bench.past[1:]:
        ratio = result.ratio("0", str(past))
        what = f"time of a turn, {past:,} past calls / none"
        note = f"{result.rate(str(past)):.0f}/s; {filled[past]}"
        rows.append(Row(what, times(ratio), "<= 2.5", ratio[0] <= 2.5, note))
    return rows


def pace(bench: Bench) -> list[Row]:
    """Calls at human pace on the project's own flows, at half of saturation, without and with passwords checked."""
    calm: list[Outcome] = []
    busy: list[Outcome] = []
    floor: list[Outcome] = []
    checks, rates = [], []
    with ExitStack() as stack:
        settings = bench.house("pace", 0)
        hotline = bench.contender(stack, "app:app", settings, flows.listening())
        constant = bench.contender(stack, "bench.contenders:constant()", {}, [Step("1", bundles.MENU)] * 6)
        port, checking = hotline.server.port, calls.plan(hotline.server.port, flows.checking(), flows.WANG)
        for number in range(bench.rounds):
            with Traffic(port, number) as traffic:
                rates.append(traffic.saturate(hotline.plan, CONNECTIONS, bench.seconds).rate)
            held = int(statistics.median(rates) / 2 * PAUSE_SECONDS)
            for into, server, plan, hasty in (
                (floor, constant.server, constant.plan, ()), (calm, hotline.server, hotline.plan, ()),
                (busy, hotline.server, hotline.plan, checking),
            ):  # fmt: skip
                with Traffic(server.port, number) as traffic:
                    patient, hurried = traffic.pace(
                        plan, held, PAUSE_SECONDS, bench.seconds * 3, hasty, flows.WANG
                    )  # fmt: skip
                if patient.errors or hurried.errors:
                    raise RuntimeError((patient.errors + hurried.errors)[0])
                into.append(patient)
                if hasty:
                    checks.append(hurried.rate / len(checking))
            told = f"{calm[-1].percentile(0.99):.1f} ms, with passwords {busy[-1].percentile(0.99):.1f} ms"
            bench.say(f"round {number + 1}/{bench.rounds}: {held} calls, p99 {told}")
        calls.plan(port, flows.deepest(), flows.WANG)
    p99 = [spread(each.percentile(0.99) for each in some) for some in (calm, busy, floor)]
    ratio = spread(b.percentile(0.99) / c.percentile(0.99) for b, c in zip(busy, calm, strict=True))
    state = _largest_state(bench.folder / "pace.db")
    return [
        Row("calls held at once on one core at human pace", f"{held:,}", "", None,
            f"a turn every {PAUSE_SECONDS:.0f} s, half of {statistics.median(rates):.0f} turns/s"),
        Row("p99 of a turn then", f"{times(p99[0], 1)} ms", "<= 25 ms", p99[0][0] <= 25,
            f"a constant TwiML string at the same pace: {times(p99[2], 1)} ms"),
        Row("p99 while passwords are checked / without", times(ratio), "<= 2", ratio[0] <= 2,
            f"{times(p99[1], 1)} ms; {statistics.median(checks):.1f} checks/s without a pause between them"),
        Row("session of a verified caller with accounts and movements", f"{state:,} bytes", "<= 2,048",
            state <= STATE_BYTES, "sealed; the demonstration customer has two accounts"),
    ]  # fmt: skip


def on_postgres(bench: Bench) -> list[Row]:
    """The hotline on PostgreSQL against DBOS, one workflow step for each turn, on the same server."""
    walk = calls.information(SERVICES)
    python = dbos_python(bench)
    with ExitStack() as stack:
        sockets = stack.enter_context(postgres(bench.folder / "postgres"))
        contenders = {}
        for name, application in (("hotline", "product"), ("hotline on", "product_full")):
            settings = houses.environment(new_database(sockets, application))
            houses.furnish(settings, 10)
            contenders[name] = bench.contender(stack, f"bench.contenders:{application}()", settings, walk)
        if python:
            log, settings = bench.folder / "servers.log", {"DBOS_URL": new_database(sockets, "dbos")}
            server = stack.enter_context(serving("bench.dbos_turns:turns()", settings, log, python, "/dev/null"))
            contenders["DBOS"] = Contender(server, calls.plan(server.port, walk))
        result = interleaved(contenders, bench.rounds, bench.seconds, bench.say)
    rates = ", ".join(f"{name} {result.rate(name):.0f}/s" for name in contenders)
    same = times(result.ratio("hotline on", "hotline"))
    rows = [Row("PostgreSQL: every turn with synchronous_commit on / as shipped", same, "", None, rates)]
    if python:
        quick, full = result.ratio("hotline", "DBOS"), result.ratio("hotline on", "DBOS")
        what = "PostgreSQL: durable signed turn / DBOS workflow of one step"
        rows = [
            Row(what, times(quick, 1), ">= 3", quick[0] >= 3, rates),
            Row(f"{what}, both with synchronous_commit on", times(full, 1), "", None),
            *rows,
        ]
    return rows


def dbos_python(bench: Bench) -> str | None:
    """An interpreter with DBOS beside what this one has; None where it cannot be installed."""
    home = ROOT / "var" / "bench" / "dbos"
    python = home / "bin" / "python"
    try:
        if not python.exists():
            bench.say("installing DBOS into var/bench/dbos")
            subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=120)  # noqa: S603 - ours
            pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "dbos"]
            subprocess.run(pip, check=True, timeout=300)  # noqa: S603 - ours
        here = next(Path(each) for each in sys.path if each.endswith("site-packages"))
        there = next(home.glob("lib/python*/site-packages"))
        (there / "hotline.pth").write_text(f"{here}\n")
    except (subprocess.SubprocessError, OSError) as error:
        bench.say(f"DBOS cannot be installed here ({error}); going on without it")
        return None
    return str(python)
