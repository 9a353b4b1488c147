"""How many agents a load needs: Erlang C where callers wait for ever, Erlang A (M/M/n+M) where they hang up. Pure.

`load` is in erlangs: arrivals a second times the seconds that each takes. Times are seconds, probabilities 0 to 1.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

NEGLIGIBLE = 1e-12  # of a probability: where a series ends
MOST_AGENTS = 5_000


@dataclass(frozen=True, slots=True)
class Demand:
    """What comes in: callers a second, how long each takes, and how long they wait on average before they hang up."""

    arrivals: float
    handle_seconds: float
    patience_seconds: float = math.inf

    @property
    def load(self) -> float:
        """In erlangs."""
        return self.arrivals * self.handle_seconds


@dataclass(frozen=True, slots=True)
class Target:
    """The share that is to be answered within so many seconds."""

    share: float
    within_seconds: float


def waits_c(load: float, agents: int) -> float:
    """Erlang C: the probability that a caller waits; 1 where the load is more than the agents can ever do."""
    if agents <= load:
        return 1.0
    blocked = 1.0  # Erlang B by its recursion: no factorial overflows
    for count in range(1, agents + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1 - load / agents * (1 - blocked))


def service_level_c(demand: Demand, agents: int, within_seconds: float) -> float:
    """The share answered in time where nobody hangs up."""
    if agents <= demand.load:
        return 0.0
    faster = math.exp(-(agents - demand.load) * within_seconds / demand.handle_seconds)
    return 1 - waits_c(demand.load, agents) * faster


@dataclass(frozen=True, slots=True)
class Queueing:
    """An Erlang A system in its long run: who waits, who hangs up, how long the mean wait is, who is in line.

    `in_line` are the probabilities that an arriving caller finds all agents busy and 0, 1, 2, ... callers ahead.
    """

    waits: float
    abandons: float
    mean_wait_seconds: float
    in_line: tuple[float, ...]


def erlang_a(demand: Demand, agents: int) -> Queueing:
    """M/M/n+M by its series of states, relative to the state in which every agent is busy and nobody waits."""
    serving, leaving = 1 / demand.handle_seconds, 1 / demand.patience_seconds
    below, weight = 0.0, 1.0
    for busy in range(agents, 0, -1):
        weight *= busy * serving / demand.arrivals
        below += weight
        if weight < NEGLIGIBLE * below:
            break
    line, weight = [1.0], 1.0
    while True:
        weight *= demand.arrivals / (agents * serving + len(line) * leaving)
        line.append(weight)
        if weight < NEGLIGIBLE * sum(line[-2:]) or weight < NEGLIGIBLE * (below + line[0]):
            break
    total = below + sum(line)
    in_line = tuple(each / total for each in line)
    mean_line = sum(ahead * each for ahead, each in enumerate(in_line))
    return Queueing(sum(in_line), leaving * mean_line / demand.arrivals, mean_line / demand.arrivals, in_line)


def service_level_a(demand: Demand, agents: int, within_seconds: float) -> float:
    """Answered within the time ÷ (offered − abandoned within it), where callers lose patience.

    The way of a caller through the line is followed by uniformisation: who is ahead leaves or is served, they may
    hang up themselves.
    """
    found = erlang_a(demand, agents)
    serving, leaving = agents / demand.handle_seconds, 1 / demand.patience_seconds
    fastest = serving + len(found.in_line) * leaving
    events = fastest * within_seconds
    standing, answered, gone = list(found.in_line), 0.0, 0.0
    in_time, lost = 0.0, 0.0
    for number in range(int(events + 12 * math.sqrt(events) + 20)):
        if number:
            standing, answered, gone = _one_step(standing, answered, gone, serving, leaving, fastest)
        weight = math.exp(number * math.log(events) - events - math.lgamma(number + 1))
        in_time += weight * answered
        lost += weight * gone
    at_once = 1 - found.waits
    return (at_once + in_time) / (1 - lost)


def _one_step(
    standing: list[float], answered: float, gone: float, serving: float, leaving: float, fastest: float
) -> tuple[list[float], float, float]:
    """One event of the uniformised chain for a caller who stands with so many ahead."""
    moved = [0.0] * len(standing)
    for ahead, chance in enumerate(standing):
        forward = (serving + ahead * leaving) / fastest * chance
        hangs_up = leaving / fastest * chance
        if ahead:
            moved[ahead - 1] += forward
        else:
            answered += forward
        gone += hangs_up
        moved[ahead] += chance - forward - hangs_up
    return moved, answered, gone


def needed_c(demand: Demand, target: Target) -> int:
    """The fewest agents that meet the target where nobody hangs up; none where nobody calls."""
    return _fewest(demand, lambda agents: service_level_c(demand, agents, target.within_seconds) >= target.share)


def needed_a(demand: Demand, target: Target) -> int:
    """The fewest agents that meet the target where callers lose patience."""
    return _fewest(demand, lambda agents: service_level_a(demand, agents, target.within_seconds) >= target.share)


def _fewest(demand: Demand, meets: Callable[[int], bool]) -> int:
    """Both service levels rise with the agents: the number is closed in on by halves."""
    if demand.load == 0:
        return 0
    low, high = 0, max(1, math.ceil(demand.load))
    while not meets(high) and high < MOST_AGENTS:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    return high
