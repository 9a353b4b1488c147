"""What desks and floors look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues import presence
from ivr.centre.queues.models import Agent, AgentSkill, QueuedCall
from ivr.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a customer can be passed on to. `to` is what the deeds take: agent:<id> or queue:<name>.

    `state` is the agent's, empty for a queue; `is_free`: an agent who would be rung now, a queue with somebody ready.
    `waiting`: the callers of a queue.
    """

    to: str
    name: str
    state: str
    is_free: bool
    waiting: int = 0


def talk_targets(db: Session, actor: Actor, now: datetime) -> Sequence[Target]:
    """The agents at work but this one, those who are free first, then the queues that somebody at work serves."""
    at_work = Agent.state.not_in(("signed_out", "unreachable"))
    agents = [
        Target(
            f"agent:{each.id}", each.id, each.state, each.state == "ready" and presence.is_proven(each, now)
        )
        for each in db.scalars(select(Agent).where(at_work, Agent.id != actor.id))
    ]  # fmt: skip
    here = select(QueuedCall.queue, func.count()).where(QueuedCall.state.in_(("waiting", "leaving")))
    waiting = {row[0]: row[1] for row in db.execute(here.group_by(QueuedCall.queue))}
    skills = select(AgentSkill.skill, Agent.state).join(Agent, Agent.id == AgentSkill.agent_id).where(at_work)
    ready: dict[str, bool] = {}
    for skill, state in db.execute(skills):
        ready[skill] = ready.get(skill, False) or state == "ready"
    queues = [Target(f"queue:{name}", name, "", free, waiting.get(name, 0)) for name, free in sorted(ready.items())]
    return [*sorted(agents, key=lambda each: (not each.is_free, each.name)), *queues]


LEAST_TALKS, MOST_TALKS = 20, 50  # of which the handling time of a queue is the mean


def served_last(db: Session, customer_id: str | None) -> str | None:
    """The agent who talked to this customer last."""
    if customer_id is None:
        return None
    newest = select(Interaction.agent_id).where(
        Interaction.customer_id == customer_id, Interaction.talked_at.is_not(None)
    )
    return db.scalar(newest.order_by(Interaction.accepted_at.desc()).limit(1))


def handling_seconds(db: Session, queue: str, now: datetime) -> int | None:
    """The mean of talk, hold and wrap-up over the last talks of a queue; None where the last day had too few."""
    newest = (
        select(Interaction.talked_at, Interaction.ended_at, WrapUp.closed_at)
        .outerjoin(WrapUp, WrapUp.interaction_id == Interaction.id)
        .where(Interaction.queue == queue, Interaction.accepted_at >= now - timedelta(days=1))
        .where(Interaction.talked_at.is_not(None), Interaction.ended_at.is_not(None))
        .order_by(Interaction.accepted_at.desc())
        .limit(MOST_TALKS)
    )
    took = [(closed or ended) - talked for talked, ended, closed in db.execute(newest) if talked and ended]
    return _mean([each.total_seconds() for each in took]) if len(took) >= LEAST_TALKS else None


@dataclass(frozen=True, slots=True)
class OwnDay:
    """An agent's day so far. `handling_seconds`: mean of talk, hold and wrap-up; `wrap_up_seconds`: mean of wrap-up."""

    answered: int
    handling_seconds: int
    wrap_up_seconds: int


def own_day(db: Session, agent_id: str, since: datetime) -> OwnDay:
    """What an agent did since the day began; talks that go on are counted as answered only."""
    rows = db.execute(
        select(Interaction.talked_at, Interaction.ended_at, WrapUp.closed_at)
        .outerjoin(WrapUp, WrapUp.interaction_id == Interaction.id)
        .where(Interaction.agent_id == agent_id, Interaction.accepted_at >= since, Interaction.talked_at.is_not(None))
    ).all()
    over = [
        (talked, ended, closed or ended) for talked, ended, closed in rows if talked is not None and ended is not None
    ]
    handling = _mean([(closed - talked).total_seconds() for talked, _, closed in over])
    return OwnDay(len(rows), handling, _mean([(closed - ended).total_seconds() for _, ended, closed in over]))


def _mean(seconds: Sequence[float]) -> int:
    return round(sum(seconds) / len(seconds)) if seconds else 0
