"""What a leader does about agents and callers: sign an agent out, change what they serve, move a waiting caller."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.queues import closing, offers, presence, waiting
from ivr.centre.queues.matching import rank_at
from ivr.centre.queues.models import Agent, QueuedCall
from ivr.foundation.errors import Refused
from ivr.platform import live
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

LEVELS = range(1, 6)


def sign_out(db: Session, actor: Actor, agent_id: str, now: datetime) -> None:
    """Sign an agent out, at once or after the talk that goes on. Raises `Refused`: no_agent, not_now."""
    if db.get(Agent, agent_id) is None:
        raise Refused("no_agent", "agent")
    agent = presence.wish(db, actor, agent_id, "signed_out", "", now)
    record(db, actor, "agent_signed_out", agent_id, now, after=agent.state if agent.wish else "")


def set_skills(db: Session, actor: Actor, agent_id: str, skills: Mapping[str, int], now: datetime) -> None:
    """What an agent serves from the next decision on: skill -> level, 1 to 5.

    Raises `Refused`: no_agent, skill_level, no_skill (who serves nothing is signed out instead).
    """
    if presence.locked(db, agent_id) is None:
        raise Refused("no_agent", "agent")
    if not skills:
        raise Refused("no_skill", "agent")
    if any(level not in LEVELS for level in skills.values()):
        raise Refused("skill_level", "agent")
    presence.set_skills(db, agent_id, sorted(skills.items()))
    told = " ".join(f"{skill}:{level}" for skill, level in sorted(skills.items()))
    record(db, actor, "agent_skills_changed", agent_id, now, skills=told)


def move_call(db: Session, actor: Actor, queued_call_id: int, queue: str, priority: int, now: datetime) -> QueuedCall:
    """Move a waiting caller to another queue; they have waited as long as they have, wherever they stand.

    `priority` is the other queue's. Raises `Refused`: not_waiting (any more, or an agent rings for them),
    queue_is_closed.
    """
    call = db.scalar(select(QueuedCall.call).where(QueuedCall.id == queued_call_id))
    entry = waiting.latest(db, call) if call is not None else None
    # without the provider's word for the queue that they stand in, nobody could be fetched from it
    if entry is None or entry.id != queued_call_id or entry.state != "waiting" or entry.queue_sid is None:
        raise Refused("not_waiting", "to")
    if offers.live_of_call(db, entry.id) is not None:
        raise Refused("not_waiting", "to")
    if closing.closure_of(db, queue, now) is not None:
        raise Refused("queue_is_closed", "to")
    left = entry.queue
    entry.queue, entry.priority = queue, priority
    entry.rank_at = datetime.fromtimestamp(rank_at(entry.entered_at.timestamp(), priority), UTC)
    db.flush()
    live.changed(db, "queues")
    record(db, actor, "call_moved", entry.call, now, left=left, to=queue)
    return entry
