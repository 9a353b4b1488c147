"""Distribution: who waits and who is free is read, `matching` decides, and each decision is reserved as an offer."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.centre.queues import presence
from ivr.centre.queues.decisions import explained
from ivr.centre.queues.matching import Decision, FreeAgent, Line, Requirement, Snapshot, WaitingCall, match
from ivr.centre.queues.models import Agent, AgentSkill, Offer, QueuedCall
from ivr.db import Database, look, work
from ivr.foundation.errors import LostRace

OFFERED_SECONDS = 15
SPARE = 50  # calls read beside one for each free agent: some of them may be kept for somebody
LIVE = ("ringing", "accepted")
DISTRIBUTING = 0x41434431  # "ACD1": the advisory lock of whoever distributes


@dataclass(frozen=True, slots=True)
class QueueStaffing:
    """How a queue is served: by whom as the wait grows, and for how long a caller is offered to one agent."""

    requirements: tuple[Requirement, ...]
    offered_seconds: int = OFFERED_SECONDS
    preferred_seconds: int = 20


Staffing = Mapping[str, QueueStaffing]


def distribute(database: Database, staffing: Staffing, now: datetime) -> int:
    """Offer whoever waits to whoever is free; returns how many were offered.

    The decisions are made on what was read without a lock. Each is reserved in a transaction of its own, which finds
    caller and agent as they were read or leaves them: several processes may try at once, and one of them does it.
    """
    with _alone(database) as is_alone:
        if not is_alone:
            return 0
        with look(database) as db:
            snapshot = read(db, staffing, now)
        return sum(_reserved(database, staffing, decision, snapshot, now) for decision in match(snapshot))


@contextmanager
def _alone(database: Database) -> Iterator[bool]:
    """Whether no other process distributes now. On PostgreSQL two statements of one look see two moments: two who
    reserved at once could give a place to a caller who waited less. A look of SQLite's sees one.
    """
    if database.is_sqlite:
        yield True
        return
    with database.quick.connect() as connection, connection.begin():
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(DISTRIBUTING))))


def read(db: Session, staffing: Staffing, now: datetime) -> Snapshot:
    """The agents who are ready and whose desks run, and the callers who wait without an offer."""
    skills = skills_at_work(db)
    ready = select(Agent.id, Agent.idle_since).where(
        Agent.state == "ready", Agent.proved_at >= now - presence.PROOF, ~presence.just_changed_by_rule(now)
    )
    agents = [FreeAgent(agent_id, skills.get(agent_id, {}), since.timestamp()) for agent_id, since in db.execute(ready)]
    if not agents:
        return Snapshot(now.timestamp(), [], [])
    lines = [line for queue, rules in staffing.items() for line in _lines(db, queue, rules, len(agents), now)]
    return Snapshot(now.timestamp(), lines, agents, skills)


def skills_at_work(db: Session, but: tuple[str, ...] = ()) -> dict[str, dict[str, int]]:
    """Agent -> skill -> level, of those who are signed in and reachable, busy or not; without those in some states."""
    held = select(AgentSkill.agent_id, AgentSkill.skill, AgentSkill.level)
    at_work = held.join(Agent, Agent.id == AgentSkill.agent_id).where(
        Agent.state.not_in(("signed_out", "unreachable", *but))
    )
    skills: dict[str, dict[str, int]] = {}
    for agent_id, skill, level in db.execute(at_work):
        skills.setdefault(agent_id, {})[skill] = level
    return skills


def _lines(db: Session, queue: str, rules: QueueStaffing, free: int, now: datetime) -> list[Line]:
    """The callers of a queue by how much of its requirements their wait has brought, each group in its order."""
    steps = sorted({each.after_seconds for each in rules.requirements})
    lines = []
    for place, after in enumerate(steps):
        waited = [QueuedCall.entered_at <= now - timedelta(seconds=after)]
        if place + 1 < len(steps):
            waited.append(QueuedCall.entered_at > now - timedelta(seconds=steps[place + 1]))
        calls = db.execute(
            select(QueuedCall.id, QueuedCall.entered_at, QueuedCall.rank_at, QueuedCall.preferred)
            .where(QueuedCall.queue == queue, QueuedCall.state == "waiting", *waited)
            .where(~select(Offer.id).where(Offer.queued_call_id == QueuedCall.id, Offer.state.in_(LIVE)).exists())
            .order_by(QueuedCall.rank_at, QueuedCall.id)
            .limit(free + SPARE)
        )
        waiting = [
            WaitingCall(i, since.timestamp(), rank.timestamp(), preferred) for i, since, rank, preferred in calls
        ]
        required = tuple(each for each in rules.requirements if each.after_seconds <= after)
        lines.append(Line(queue, required, waiting, rules.preferred_seconds))
    return [line for line in lines if line.calls]


def _reserved(database: Database, staffing: Staffing, decision: Decision, snapshot: Snapshot, now: datetime) -> bool:
    """False where caller or agent is no longer as they were: the next round looks again."""
    try:
        with work(database) as db:
            return (
                reserve(db, decision, staffing[decision.queue].offered_seconds, explained(decision, snapshot), now)
                is not None
            )
    except (IntegrityError, LostRace):
        return False


def reserve(db: Session, decision: Decision, seconds: int, why: str, now: datetime) -> Offer | None:
    """Offer a caller to an agent: both are rung for, and nobody else gets either. None where that is too late."""
    call = db.scalar(select(QueuedCall).where(QueuedCall.id == decision.call.id).with_for_update(skip_locked=True))
    if call is None or call.state != "waiting":
        return None
    agent = presence.locked(db, decision.agent.id)
    if agent is None or agent.state != "ready":
        return None
    offer = Offer(
        queued_call_id=call.id, call_id=call.call, agent_id=agent.id, state="ringing", offered_at=now,
        until=now + timedelta(seconds=seconds), decision=why,
    )  # fmt: skip
    db.add(offer)
    db.flush()
    presence.change(db, agent, "ring", "distribution", now)
    return offer


def staffed(db: Session, rules: QueueStaffing, waited_seconds: float = math.inf) -> int:
    """How many of those at work may serve a caller who has waited so long, busy or not: a queue's staff is at work."""
    required = [each for each in rules.requirements if each.after_seconds <= waited_seconds]
    return sum(any(each.is_met(held) for each in required) for held in skills_at_work(db).values())
