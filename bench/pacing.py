"""Calls at human pace: how many one core serves, and the latency of a turn, also while passwords are checked."""

import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench import bundles, calls, flows
from bench.calls import Request, Step
from bench.context import STATE_BYTES, Bench, largest_state
from bench.report import Row, times
from bench.rounds import CONNECTIONS, Contender, spread
from bench.traffic import Outcome, Traffic

PAUSE_SECONDS = 6.0  # the average time that a caller listens and keys
Plan = Sequence[Request]


@dataclass(frozen=True)
class Paced:
    """The rounds at human pace: constant string, callers only, callers while passwords are checked."""

    floor: list[Outcome] = field(default_factory=list)
    calm: list[Outcome] = field(default_factory=list)
    busy: list[Outcome] = field(default_factory=list)
    checks: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    @property
    def held(self) -> int:
        """The number of callers who produce half of the turns that the server can serve; the median of the rounds."""
        return _half(statistics.median(self.rates))

    def round(self, bench: Bench, number: int, constant: Contender, hotline: Contender, hasty: Plan) -> None:
        """Measure each of the three once, at half of the server's capacity in this round."""
        with Traffic(hotline.server.port, number) as traffic:
            self.rates.append(traffic.saturate(hotline.plan, CONNECTIONS, bench.seconds).rate)
        for into, contender, beside in (
            (self.floor, constant, ()), (self.calm, hotline, ()), (self.busy, hotline, hasty),
        ):  # fmt: skip
            with Traffic(contender.server.port, number) as traffic:
                patient, hurried = traffic.pace(
                    contender.plan, _half(self.rates[-1]), PAUSE_SECONDS, bench.seconds * 3, beside, flows.WANG
                )
            if patient.errors or hurried.errors:
                raise RuntimeError((patient.errors + hurried.errors)[0])
            into.append(patient)
            if beside:
                self.checks.append(hurried.rate / len(beside))


def _half(rate: float) -> int:
    return int(rate / 2 * PAUSE_SECONDS)


def pace(bench: Bench) -> list[Row]:
    """Calls at human pace on the project's own flows, at half of saturation, with and without password checks."""
    paced = Paced()
    with ExitStack() as stack:
        hotline = bench.contender(stack, "app:app", bench.database("pace", 0), flows.listening())
        constant = bench.contender(stack, "bench.contenders:constant()", {}, [Step("1", bundles.MENU)] * 6)
        port = hotline.server.port
        checking = calls.plan(port, flows.checking(), flows.WANG)
        for number in range(bench.rounds):
            paced.round(bench, number, constant, hotline, checking)
            p99 = [each[-1].percentile(0.99) for each in (paced.floor, paced.calm, paced.busy)]
            bench.say(
                f"round {number + 1}/{bench.rounds}: {_half(paced.rates[-1])} calls, p99 {p99[1]:.1f} ms, "
                f"with passwords {p99[2]:.1f} ms (constant string {p99[0]:.1f} ms)"
            )
        calls.plan(port, flows.deepest(), flows.WANG)
    return _paced_rows(paced, largest_state(bench.folder / "pace.db"))


def _paced_rows(paced: Paced, state: int) -> list[Row]:
    floor, calm, busy = (
        spread(each.percentile(0.99) for each in some) for some in (paced.floor, paced.calm, paced.busy)
    )
    both = zip(paced.busy, paced.calm, strict=True)
    ratio = spread(b.percentile(0.99) / c.percentile(0.99) for b, c in both)
    return [
        Row("calls held at once on one core at human pace", f"{paced.held:,}", "", None,
            f"a turn every {PAUSE_SECONDS:.0f} s, half of {statistics.median(paced.rates):.0f} turns/s"),
        Row("p99 of a turn then", f"{times(calm, 1)} ms", "<= 25 ms", calm[0] <= 25,
            f"a constant TwiML string at the same pace: {times(floor, 1)} ms"),
        Row("p99 of a turn while passwords are checked", f"{times(busy, 1)} ms", "<= 25 ms", busy[0] <= 25,
            f"{times(ratio)} of that without; {statistics.median(paced.checks):.1f} checks/s without a pause between "
            "them, each of which also commits with FULL"),
        Row("session of a verified caller with accounts and movements", f"{state:,} bytes", "<= 2,048",
            state <= STATE_BYTES, "sealed; the demonstration customer has two accounts"),
    ]  # fmt: skip
