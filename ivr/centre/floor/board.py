"""What floor and wallboard show at a moment: each queue and agent as they stand, with their day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from ivr.centre.floor.metrics import AgentDay, QueueDay, agent_days, day_began, occupancy, queue_days
from ivr.centre.floor.present import AWAY, AgentNow, QueueNow, agents_now, queues_now
from ivr.foundation.config.floor import FloorSettings
from ivr.foundation.config.settings import QueueSettings


@dataclass(frozen=True, slots=True)
class FloorRules:
    """What of config.yaml the floor goes by: the bank's zone, the thresholds, the queues."""

    zone: ZoneInfo
    floor: FloorSettings
    queues: Mapping[str, QueueSettings]

    @property
    def skills(self) -> dict[str, tuple[str, int]]:
        """Queue -> the skill and the lowest level that ever serve it."""
        return {
            name: (queue.skill or name, min([queue.level, *queue.relax.values()]))
            for name, queue in self.queues.items()
        }


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue's row."""

    name: str
    now: QueueNow
    day: QueueDay


@dataclass(frozen=True, slots=True)
class Board:
    """Everything at the moment `at`; `days` are those of agents by their id."""

    at: datetime
    since: datetime
    queues: Sequence[QueueLine]
    agents: Sequence[AgentNow]
    days: Mapping[str, AgentDay]
    occupancy: float | None

    @property
    def total(self) -> QueueLine:
        """All queues together."""
        longest = [each.now.longest_since for each in self.queues if each.now.longest_since is not None]
        day = reduce(add, (each.day for each in self.queues), QueueDay())
        free = sum(each.state == "ready" for each in self.agents)
        now = QueueNow(
            sum(each.now.waiting for each in self.queues), min(longest, default=None), free, len(self.at_work)
        )
        return QueueLine("", now, day)

    @property
    def at_work(self) -> list[AgentNow]:
        """The agents who are signed in, those whose desk was lost too."""
        return [each for each in self.agents if each.state != "signed_out"]

    @property
    def states(self) -> Mapping[str, int]:
        """How many agents there are in each state."""
        return Counter(each.state for each in self.agents if each.state not in AWAY or each.state == "unreachable")

    @property
    def handle_time(self) -> float | None:
        """AHT of all agents together, in seconds."""
        return reduce(add, self.days.values(), AgentDay()).handle_time


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """What takes longest to reckon and changes slowest: the days of agents, and their occupancy."""

    days: Mapping[str, AgentDay]
    occupancy: float | None


def agent_figures(db: Session, rules: FloorRules, now: datetime) -> AgentFigures:
    """The figures of all agents."""
    since = day_began(now, rules.zone)
    return AgentFigures(agent_days(db, since), occupancy(db, since, now))


def board(db: Session, rules: FloorRules, now: datetime, figures: AgentFigures | None = None) -> Board:
    """The board at a moment; `figures` where they were reckoned a moment ago."""
    since = day_began(now, rules.zone)
    standing, days = queues_now(db, rules.skills), queue_days(db, since, rules.floor.within_seconds, now)
    names = list(dict.fromkeys([*rules.queues, *standing, *days]))
    lines = [QueueLine(name, standing.get(name, QueueNow()), days.get(name, QueueDay())) for name in names]
    found = figures or agent_figures(db, rules, now)
    return Board(now, since, lines, agents_now(db), found.days, found.occupancy)
