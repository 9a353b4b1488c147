"""What an agent does now, and next. Nothing changes it but a person, or a rule that the journal of changes names.

`now` is aware. Deeds raise `IllegalTransition` and `LostRace` as `db.states.move` does; each locks the agent's row.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from ivr.centre.queues.models import Agent, AgentChange, AgentSkill
from ivr.centre.queues.states import AGENT
from ivr.db import states
from ivr.db.locks import Lock, note_lock
from ivr.foundation.errors import Refused
from ivr.platform import live
from ivr.platform.actor import Actor

REASONS = ("", "break", "meal", "training", "meeting", "admin")  # of being not ready; reports group by them
BUSY = frozenset({"ringing", "talking", "on_hold"})  # a wish waits until this is over
PROOF = timedelta(seconds=10)  # a desk that has not answered for so long is offered nobody
SILENT = timedelta(seconds=15)  # a desk that has not answered for so long is not there
CALM = timedelta(seconds=1)
STAFF = "staff"  # the kind of actor whose deeds are a person's wish
_WISHES = {"ready": "make_ready", "not_ready": "make_not_ready", "signed_out": "sign_out"}


def locked(db: Session, agent_id: str) -> Agent | None:
    """The agent's row, locked until the transaction ends; None for somebody who was never at work."""
    note_lock(db, Lock.AGENT, agent_id.encode())
    found = select(Agent).where(Agent.id == agent_id).with_for_update().execution_options(populate_existing=True)
    return db.scalar(found)


def wish(db: Session, actor: Actor, agent_id: str, target: str, reason: str, now: datetime) -> Agent:
    """Make an agent ready, not_ready (for a reason) or signed_out: now, or when what goes on is over.

    Raises `Refused`: unknown_reason.
    """
    if target not in _WISHES or reason not in REASONS:
        raise Refused("unknown_reason", "reason")
    agent = locked(db, agent_id) or newcomer(db, agent_id, now)
    if agent.state in BUSY or agent.state == "wrap_up":
        agent.wish, agent.wish_reason = target, reason
        db.flush()
        tell(db, agent.id)
    elif agent.state != target or agent.reason != reason:
        reason = reason if target == "not_ready" else ""
        change(db, agent, _WISHES[target], str(actor), now, reason=reason, wish=None, wish_reason="")
    return agent


def off_work(db: Session, actor: Actor, now: datetime) -> None:
    """Who signs out of the pages serves nobody any more: now, or when the talk is over. Others were never at work."""
    agent = locked(db, actor.id)
    if agent is not None and agent.state != "signed_out":
        wish(db, actor, actor.id, "signed_out", "", now)


def change(db: Session, agent: Agent, event: str, cause: str, now: datetime, **values: object) -> None:
    """Take an agent's row on by an event, and write down who or which rule did so."""
    values = {"reason": "", "since": now, **values}
    if event in ("end_call", "make_ready") and agent.state in ("talking", "on_hold", "wrap_up", "signed_out"):
        values.setdefault("idle_since", now)
    states.move(db, agent, AGENT, event, **values)
    db.add(AgentChange(agent_id=agent.id, at=now, state=agent.state, reason=agent.reason, cause=cause))
    db.flush()
    tell(db, agent.id)


def tell(db: Session, agent_id: str) -> None:
    """Let the agent's desk, the queues and the floor hear that something of this agent changed."""
    live.changed(db, f"desk:{agent_id}")
    tell_floor(db)


def tell_floor(db: Session) -> None:
    """Let queues and floor hear that something of them changed."""
    live.changed(db, "queues")
    live.changed(db, "floor")


def free(db: Session, agent: Agent, cause: str, now: datetime, *, otherwise: str = "ready") -> None:
    """What went on is over: to the state that was wished for meanwhile, else to `otherwise`."""
    target, reason = agent.wish or otherwise, agent.wish_reason if agent.wish == "not_ready" else ""
    change(db, agent, _WISHES[target], cause, now, reason=reason, wish=None, wish_reason="", wrap_up_until=None)


def release(db: Session, agent_id: str, cause: str, now: datetime) -> None:
    """What an agent rang or waited for came to nothing: ready again, or as they wished meanwhile."""
    agent = locked(db, agent_id)
    if agent is None or agent.state not in ("ringing", "talking"):
        return
    change(db, agent, "withdraw", cause, now)
    _come_true(db, agent, now)


def miss(db: Session, agent: Agent, event: str, cause: str, now: datetime) -> None:
    """An agent did not answer: offered nobody until they are ready. Who wished to pause or to go does so instead."""
    change(db, agent, event, cause, now)
    _come_true(db, agent, now)


def _come_true(db: Session, agent: Agent, now: datetime) -> None:
    """A pause or sign-out that was wished for. Another wish is over, or it would come true long after."""
    if agent.wish in ("not_ready", "signed_out"):
        free(db, agent, "wish", now)
    else:
        agent.wish, agent.wish_reason = None, ""
        db.flush()


def prove(db: Session, agent_id: str, now: datetime) -> Agent | None:
    """The desk answers that it runs. An agent who was unreachable is ready again, as they asked to be."""
    agent = locked(db, agent_id)
    if agent is None or agent.state == "signed_out":
        return agent
    agent.proved_at = now
    if agent.state == "unreachable" and now - agent.since >= CALM:  # else the next proof, which comes in seconds
        change(db, agent, "make_ready", "desk_back", now)
    db.flush()
    return agent


def just_changed_by_rule(now: datetime) -> ColumnElement[bool]:
    """True of agents whose state a rule changed last, less than a second ago: no desk flickers (B3)."""
    recent = AgentChange.agent_id == Agent.id, AgentChange.at > now - CALM
    newest = select(func.max(AgentChange.id)).where(*recent).correlate(Agent).scalar_subquery()
    by_rule = AgentChange.id == newest, AgentChange.cause.not_like(f"{STAFF}:%")
    return select(AgentChange.id).where(*by_rule).correlate(Agent).exists()


def is_proven(agent: Agent, now: datetime) -> bool:
    """Whether their desk has answered lately."""
    return agent.proved_at is not None and agent.proved_at >= now - PROOF


def set_skills(db: Session, agent_id: str, skills: Iterable[tuple[str, int]]) -> None:
    """What an agent may serve from the next decision on, in place of what was there."""
    db.execute(delete(AgentSkill).where(AgentSkill.agent_id == agent_id))
    db.add_all(AgentSkill(agent_id=agent_id, skill=skill, level=level) for skill, level in skills)
    db.flush()
    tell(db, agent_id)


def newcomer(db: Session, agent_id: str, now: datetime) -> Agent:
    """The row of somebody who comes to work for the first time."""
    agent = Agent(id=agent_id, state="signed_out", since=now, idle_since=now, proved_at=now)
    db.add(agent)
    db.flush()
    return agent
