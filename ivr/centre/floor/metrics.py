"""The metrics of the bank's day by queue and by agent, as management reads them. Each docstring is the definition
that the pages show beside the number (tests/console/test_floor.py compares them); seconds and rates (0 to 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import AgentChange, QueuedCall
from ivr.centre.queues.waiting import HERE
from ivr.db import Instant
from ivr.db.durations import seconds_between

CONTACT = ("talking", "on_hold", "wrap_up")
IDLE = ("ready", "ringing")
SHIFT = timedelta(hours=24)  # nobody keeps one state for longer: how far back the state at midnight is looked for


def day_began(now: datetime, zone: ZoneInfo) -> datetime:
    """Midnight of the bank's day, aware."""
    return datetime.combine(now.astimezone(zone).date(), time.min, zone)


def _rate(part: float, whole: float) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class QueueDay:
    """The callers who joined a queue since the day began, by what became of them; `here` wait now.

    Its rates are those of ivr/reports/metrics.py: tests/reports/test_floor.py holds them against each other.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    answered_within: int = 0
    abandoned_within: int = 0
    here: int = 0
    waited_seconds: float = 0.0

    def __add__(self, other: "QueueDay") -> "QueueDay":
        return QueueDay(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def settled(self) -> int:
        """Those who have left the queue."""
        return self.offered - self.here

    @property
    def service_level(self) -> float | None:
        """Answered within the target time ÷ (offered − abandoned within it). Who waits now is not counted yet."""
        return _rate(self.answered_within, self.settled - self.abandoned_within)

    @property
    def answer_rate(self) -> float | None:
        """Calls answered by an agent ÷ calls that asked for one. Who waits now is not counted yet."""
        return _rate(self.answered, self.settled)

    @property
    def speed_of_answer(self) -> float | None:
        """The wait of answered calls, from joining the queue to the agent ÷ answered calls. GB/T 32312."""
        return _rate(self.waited_seconds, self.answered)

    @property
    def abandonment_rate(self) -> float | None:
        """Abandoned in the queue ÷ queued. A caller who chose a callback did not abandon."""
        return _rate(self.abandoned, self.settled)


def queue_days(db: Session, since: datetime, within_seconds: int, now: datetime) -> Mapping[str, QueueDay]:
    """Queue -> its day. `within_seconds` is the time of the service level."""
    lasted = seconds_between(QueuedCall.entered_at, func.coalesce(QueuedCall.left_at, _moment(now)))
    answered, abandoned = QueuedCall.state == "answered", QueuedCall.state == "abandoned"
    soon, here = lasted <= within_seconds, QueuedCall.state.in_(HERE)
    counted = (
        func.count(), _sum(answered), _sum(abandoned), _sum(and_(answered, soon)), _sum(and_(abandoned, soon)),
        _sum(here), func.coalesce(func.sum(case((answered, lasted), else_=0.0)), 0.0),
    )  # fmt: skip
    rows = db.execute(
        select(QueuedCall.queue, *counted).where(QueuedCall.entered_at >= since).group_by(QueuedCall.queue)
    )
    return {row[0]: QueueDay(*row[1:]) for row in rows}


def _moment(at: datetime) -> ColumnElement[datetime]:
    """A moment as both databases store it."""
    return literal(at, Instant)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


@dataclass(frozen=True, slots=True)
class AgentDay:
    """The talks of an agent that ended since the day began."""

    answered: int = 0
    talk_seconds: float = 0.0
    hold_seconds: float = 0.0
    wrap_up_seconds: float = 0.0

    def __add__(self, other: "AgentDay") -> "AgentDay":
        return AgentDay(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def handle_time(self) -> float | None:
        """Talk + hold + wrap-up of the talks that are over ÷ these talks."""
        return _rate(self.talk_seconds + self.hold_seconds + self.wrap_up_seconds, self.answered)


def agent_days(db: Session, since: datetime) -> Mapping[str, AgentDay]:
    """Agent -> their day. A wrap-up ends with its pause at the latest, whenever the sheet was handed in."""
    lasted = seconds_between(Interaction.talked_at, Interaction.ended_at)
    closed = case((WrapUp.closed_at < WrapUp.until, WrapUp.closed_at), else_=WrapUp.until)
    wrapped = func.coalesce(seconds_between(Interaction.ended_at, closed), 0.0)
    rows = db.execute(
        select(
            Interaction.agent_id, func.count(), func.sum(lasted - Interaction.held_seconds),
            func.sum(Interaction.held_seconds), func.sum(wrapped),
        )
        .outerjoin(WrapUp, and_(WrapUp.interaction_id == Interaction.id, WrapUp.closed_at.is_not(None)))
        .where(Interaction.accepted_at >= since, Interaction.talked_at.is_not(None), Interaction.state == "ended")
        .group_by(Interaction.agent_id)
    )  # fmt: skip
    return {agent: AgentDay(int(count), *map(float, sums)) for agent, count, *sums in rows}


def occupancy(db: Session, since: datetime, now: datetime) -> float | None:
    """Contact time (talk, hold, wrap-up) ÷ (contact time + time ready for a call), of all agents together."""
    spent = {state: float(seconds or 0.0) for state, seconds in db.execute(_spent(since, now))}
    contact = sum(spent.get(state, 0.0) for state in CONTACT)
    return _rate(contact, contact + sum(spent.get(state, 0.0) for state in IDLE))


def _spent(since: datetime, now: datetime) -> Select[str, float]:
    """State -> seconds that all agents together spent in it since then."""
    order = AgentChange.at, AgentChange.id
    following = func.lead(AgentChange.at).over(partition_by=AgentChange.agent_id, order_by=order)
    changes = (
        select(AgentChange.state, AgentChange.at, func.coalesce(following, _moment(now)).label("until"))
        .where(AgentChange.at >= since - SHIFT, AgentChange.at <= now)
        .subquery()
    )
    began = case((changes.c.at < since, _moment(since)), else_=changes.c.at)
    seconds = func.sum(seconds_between(began, changes.c.until))
    return select(changes.c.state, seconds).where(changes.c.until > since).group_by(changes.c.state)
