"""Interleaved rounds: every contender in turn, so that other load on the machine affects all of them alike."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.calls import Request
from bench.servers import Server
from bench.traffic import Traffic

CONNECTIONS = 8


@dataclass(frozen=True)
class Contender:
    """A server and the calls made to it."""

    server: Server
    plan: Sequence[Request]


@dataclass(frozen=True)
class Measured:
    """One contender in one round: turns per second, and processor time per turn in microseconds."""

    rate: float
    cost: float


@dataclass(frozen=True)
class Rounds:
    """All rounds of a comparison."""

    measured: Mapping[str, Sequence[Measured]]
    turns: int

    def rate(self, name: str) -> float:
        """Turns per second, the median of the rounds."""
        return statistics.median(each.rate for each in self.measured[name])

    def cost(self, name: str) -> float:
        """Microseconds of processor time per turn, the median of the rounds."""
        return statistics.median(each.cost for each in self.measured[name])

    def ratio(self, name: str, to: str) -> tuple[float, float, float]:
        """(median, lowest, highest) of the per-round ratios of turns per second."""
        return spread(a.rate / b.rate for a, b in zip(self.measured[name], self.measured[to], strict=True))

    def cost_ratio(self, name: str, to: str) -> tuple[float, float, float]:
        """(median, lowest, highest) of the per-round ratios of processor time per turn."""
        return spread(a.cost / b.cost for a, b in zip(self.measured[name], self.measured[to], strict=True))


def spread(ratios: Iterable[float]) -> tuple[float, float, float]:
    """(median, lowest, highest)."""
    values = sorted(ratios)
    return statistics.median(values), values[0], values[-1]


def interleaved(contenders: Mapping[str, Contender], count: int, seconds: float, say: Callable[[str], None]) -> Rounds:
    """Measure each contender once per round, after an unmeasured warm-up round. An error ends the bench."""
    measured: dict[str, list[Measured]] = {name: [] for name in contenders}
    turns = 0
    for number in range(count + 1):
        for name, contender in contenders.items():
            before = contender.server.cpu_seconds()
            with Traffic(contender.server.port, number) as traffic:
                outcome = traffic.saturate(contender.plan, CONNECTIONS, seconds if number else min(seconds, 1.0))
            if outcome.errors:
                raise RuntimeError(f"{name}: {outcome.errors[0]}")
            turns += outcome.turns
            cost = (contender.server.cpu_seconds() - before) / outcome.turns * 1e6
            if number:
                measured[name].append(Measured(outcome.rate, cost))
        if number:
            say(f"round {number}/{count}: " + ", ".join(f"{n} {m[-1].rate:.0f}/s" for n, m in measured.items()))
    return Rounds(measured, turns)
