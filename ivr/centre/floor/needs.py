"""Today's staffing: what each half hour needs by Erlang C and A, against the agents who served in it."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from ivr.centre.floor.board import FloorRules
from ivr.centre.floor.erlang import Demand, Target, needed_a, needed_c
from ivr.centre.floor.metrics import SHIFT, day_began
from ivr.centre.queues.models import AgentChange, QueuedCall
from ivr.db.durations import seconds_between

HALF = timedelta(minutes=30)
WEEK = timedelta(days=7)
SERVING = ("ready", "ringing", "talking", "on_hold", "wrap_up")  # who is at their desk for callers; breaks are not
PATIENCE_SECONDS = 180.0  # until some callers have shown theirs
LEAST_ABANDONED = 5


@dataclass(frozen=True, slots=True)
class HalfHour:
    """A half hour of today. `is_expected`: it is not over, its calls are those of the same one a week ago.

    `present` is how many agents served, on average; None where it has not begun.
    """

    begins: datetime
    calls: int
    is_expected: bool
    needed_c: int
    needed_a: int
    present: float | None

    @property
    def is_short(self) -> bool:
        """Whether fewer served than callers who lose patience need."""
        return self.present is not None and math.ceil(self.present) < self.needed_a


def half_hours(db: Session, rules: FloorRules, handle_seconds: float | None, now: datetime) -> list[HalfHour]:
    """Every half hour of the bank's day in which somebody called, or is expected to. The load of all queues is pooled.

    `handle_seconds`: today's mean; where there is none yet, the mean of what config.yaml expects of the queues.
    """
    began = day_began(now, rules.zone)
    talks = [queue.talk_seconds for queue in rules.queues.values()]
    handle = handle_seconds or sum(talks) / len(talks)
    patience = patience_seconds(db, began, now)
    today, before = _arrivals(db, began, now), _arrivals(db, began - WEEK, began - WEEK + timedelta(days=1))
    present = _present(db, began, now)
    target = Target(rules.floor.target_percent / 100, rules.floor.within_seconds)
    found = []
    for place in range(48):
        begins = began + place * HALF
        is_over = begins + HALF <= now
        calls = today.get(place, 0) if is_over else max(today.get(place, 0), before.get(place, 0))
        if calls:
            demand = Demand(calls / HALF.total_seconds(), handle, patience)
            there = present.get(place, 0.0) if begins <= now else None
            found.append(
                HalfHour(begins, calls, not is_over, needed_c(demand, target), needed_a(demand, target), there)
            )
    return found


def patience_seconds(db: Session, since: datetime, now: datetime) -> float:
    """How long callers wait on average before they hang up: all waiting there was ÷ those who hung up."""
    gone = func.sum(case((QueuedCall.state == "abandoned", 1), else_=0))
    waited = func.sum(seconds_between(QueuedCall.entered_at, QueuedCall.left_at))
    asked = select(gone, waited).where(QueuedCall.entered_at >= since, QueuedCall.left_at <= now)
    count, seconds = db.execute(asked).one()
    return float(seconds) / int(count) if count and count >= LEAST_ABANDONED else PATIENCE_SECONDS


def _arrivals(db: Session, since: datetime, until: datetime) -> Mapping[int, int]:
    """Half hour of the day -> how many joined a queue in it."""
    joined = QueuedCall.entered_at >= since, QueuedCall.entered_at < until
    return Counter(int((at - since) / HALF) for at in db.scalars(select(QueuedCall.entered_at).where(*joined)))


def _present(db: Session, began: datetime, now: datetime) -> Mapping[int, float]:
    """Half hour of the day -> how many agents served in it, on average over the part that is over."""
    served: dict[int, float] = {}
    for begin, end in _spans(_turns(db, began - SHIFT, now), now):
        for place in range(max(0, int((begin - began) / HALF)), int((end - began) / HALF) + 1):
            inside = min(end, began + (place + 1) * HALF) - max(begin, began + place * HALF)
            served[place] = served.get(place, 0.0) + max(0.0, inside.total_seconds())
    return {
        place: seconds / max(1.0, min(HALF.total_seconds(), (now - began - place * HALF).total_seconds()))
        for place, seconds in served.items()
    }


def _turns(db: Session, since: datetime, until: datetime) -> Sequence[tuple[str, datetime, bool]]:
    """The changes by which an agent began or stopped to serve, each agent's in their order."""
    serves = case((AgentChange.state.in_(SERVING), 1), else_=0)
    earlier = func.lag(serves).over(partition_by=AgentChange.agent_id, order_by=(AgentChange.at, AgentChange.id))
    changes = (
        select(AgentChange.agent_id, AgentChange.at, AgentChange.id, serves.label("serves"), earlier.label("served"))
        .where(and_(AgentChange.at >= since, AgentChange.at <= until))
        .subquery()
    )
    turns = or_(changes.c.served.is_(None), changes.c.served != changes.c.serves)
    rows = db.execute(
        select(changes.c.agent_id, changes.c.at, changes.c.serves)
        .where(turns)
        .order_by(changes.c.agent_id, changes.c.at, changes.c.id)
    )
    return [(agent, at, bool(serves)) for agent, at, serves in rows]


def _spans(turns: Sequence[tuple[str, datetime, bool]], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when somebody served. Pure."""
    ends = [*turns, ("", now, False)][1:]
    for (agent, at, serves), (next_agent, until, _) in zip(turns, ends, strict=False):
        if serves:
            yield at, until if next_agent == agent else now


def running(halves: Sequence[HalfHour], now: datetime) -> HalfHour | None:
    """The half hour that is under way; None where nobody is expected in it. Pure."""
    return next((each for each in halves if each.begins <= now < each.begins + HALF), None)
