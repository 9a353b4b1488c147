"""The wait that is told, on simulated days: a rush of callers, staff that goes and comes, callers who hang up."""

import heapq
from dataclasses import dataclass, field
from random import Random

import pytest

from ivr.centre.queues.distribution import QueueStaffing
from ivr.centre.queues.estimates import Band, band, expected_wait_seconds, is_broken, to_tell_seconds
from ivr.centre.queues.matching import Requirement
from ivr.centre.queues.serving import shares

HOUR = 3600.0
STAFF = ((0.0, 10), (1.5 * HOUR, 6), (3 * HOUR, 12))
RATES = ((0.0, 120.0), (HOUR, 170.0), (3 * HOUR, 120.0))  # callers an hour
END, HANDLING, PATIENCE = 5 * HOUR, 200.0, 180.0
WAITED_SECONDS = 5  # who is answered sooner was not told a wait that matters


def at(table: tuple[tuple[float, float], ...], now: float) -> float:
    return next(value for since, value in reversed(table) if since <= now)


@dataclass
class Day:
    """One queue, first come first served. For each who was answered: the long end told, and the wait."""

    chance: Random
    line: list[tuple[float, float, int]] = field(default_factory=list)  # came, hangs up, told
    busy: int = 0
    promises: list[tuple[int, float]] = field(default_factory=list)

    def run(self) -> list[tuple[int, float]]:
        """Play the day."""
        events = [(since, 1, "staff") for since, _ in STAFF] + [(self.chance.expovariate(120 / HOUR), 0, "call")]
        heapq.heapify(events)
        while events:
            now, _, what = heapq.heappop(events)
            if what == "call" and now < END:
                self._joins(now)
                heapq.heappush(events, (now + self.chance.expovariate(at(RATES, now) / HOUR), 0, "call"))
            elif what == "free":
                self.busy -= 1
            self._serve(now, events)
        return self.promises

    def _joins(self, now: float) -> None:
        self.line = [each for each in self.line if each[1] > now]
        told = 60 * band(expected_wait_seconds(len(self.line), at(STAFF, now), HANDLING, PATIENCE)).high
        self.line.append((now, now + self.chance.expovariate(1 / PATIENCE), told))

    def _serve(self, now: float, events: list[tuple[float, int, str]]) -> None:
        while self.line and self.busy < at(STAFF, now):
            came, hangs_up, told = self.line.pop(0)
            if hangs_up > now:
                self.busy += 1
                heapq.heappush(events, (now + self.chance.gammavariate(4, HANDLING / 4), 0, "free"))
                self.promises.append((told, now - came))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_most_one_promise_in_ten_is_broken(seed: int) -> None:
    chance = Random(seed)
    kept = [each for _ in range(6) for each in Day(chance).run() if each[1] >= WAITED_SECONDS]
    broken = sum(is_broken(told, waited) for told, waited in kept)
    too_long = sum(waited < told / 4 for told, waited in kept)
    assert len(kept) > 500, seed
    assert broken / len(kept) <= 0.10, (seed, broken, len(kept))
    assert too_long / len(kept) <= 0.60, "a band that is always long would keep every promise"


@pytest.mark.parametrize(
    ("ahead", "agents", "seconds"),
    [(0, 2.0, 90), (1, 2.0, 150), (2, 2.0, 195), (0, 1.5, 120), (0, 0.0, 360)],
)
def test_each_place_is_passed_as_agents_become_free_and_callers_leave(ahead: int, agents: float, seconds: int) -> None:
    """180 s a call, and a caller leaves after 180 s: place k passes after 180 / (agents + k)."""
    assert expected_wait_seconds(ahead, agents, 180.0, 180.0) == seconds


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, Band(1, 2)), (96, Band(1, 2)), (97, Band(1, 3)), (150, Band(1, 4)), (160, Band(2, 4)), (480, Band(6, 10))],
)
def test_a_wait_is_said_as_a_band(seconds: int, said: Band) -> None:
    assert band(seconds) == said


def test_what_is_told_rises_only_with_other_staff() -> None:
    assert to_tell_seconds(200, None, staff_changed=True) == 200
    assert to_tell_seconds(200, 150, staff_changed=False) == 150
    assert to_tell_seconds(100, 150, staff_changed=False) == 100
    assert to_tell_seconds(200, 150, staff_changed=True) == 200


def test_an_agent_of_several_queues_counts_by_the_share() -> None:
    staffing = {name: QueueStaffing((Requirement(0.0, name, 2),)) for name in ("general", "english")}
    agents = {"anna": {"general": 3}, "bo": {"general": 3, "english": 2}, "chen": {"general": 3, "english": 1}}
    assert shares(agents, staffing, {"general"}) == 3
    assert shares(agents, staffing, {"general", "english"}) == 2.5
