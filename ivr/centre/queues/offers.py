"""An offer's life: accepted by exactly one, refused, missed, or withdrawn; the caller's place is theirs throughout."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ivr.centre.queues import presence
from ivr.centre.queues.models import Agent, Offer, QueuedCall
from ivr.centre.queues.states import OFFER
from ivr.db import states
from ivr.foundation.errors import LostRace
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

LIVE = ("ringing", "accepted")
CONNECTING = timedelta(seconds=10)  # from the acceptance until the agent's line must be there
AT_ONCE = 50


class TakenAlready(LostRace):
    """The offer went another way: `agent_id` has the call, None where nobody has (the caller left, or waits on)."""

    def __init__(self, agent_id: str | None) -> None:
        super().__init__("the offer is no longer open")
        self.agent_id = agent_id


def live_of_agent(db: Session, agent_id: str) -> Offer | None:
    """The offer that an agent has before them."""
    return db.scalar(select(Offer).where(Offer.agent_id == agent_id, Offer.state.in_(LIVE)))


def live_of_call(db: Session, queued_call_id: int) -> Offer | None:
    """The offer of a caller who waits."""
    return db.scalar(select(Offer).where(Offer.queued_call_id == queued_call_id, Offer.state.in_(LIVE)))


def accept(db: Session, actor: Actor, offer_id: int, now: datetime) -> Offer:
    """The agent takes the call; exactly one acceptance wins. Raises `TakenAlready`.

    The caller still waits: their place is lost to nobody should the agent's line not come.
    """
    offer, call = _with_call(db, offer_id)
    if offer is None or call is None or offer.agent_id != actor.id or offer.state != "ringing" or offer.until <= now:
        raise TakenAlready(_holder(db, call))
    if offer.consulted_in is None and call.state not in ("waiting", "leaving"):
        raise TakenAlready(_holder(db, call))
    agent = presence.locked(db, actor.id)
    states.move(db, offer, OFFER, "accept", until=now + CONNECTING)
    if agent is None:
        raise TakenAlready(None)
    presence.change(db, agent, "accept", str(actor), now)
    record(db, actor, "offer_accepted", offer.call_id, now, offer=offer.id, queue=call.queue)
    return offer


def connect(db: Session, offer: Offer, now: datetime) -> None:
    """The agent's line is there, and whoever they were offered is too."""
    states.move(db, offer, OFFER, "connect", ended_at=now)


def unanswered_lines(db: Session, now: datetime) -> Sequence[int]:
    """Accepted offers of agents to be consulted whose line did not come in time."""
    over = Offer.state == "accepted", Offer.until <= now, Offer.consulted_in.is_not(None)
    return list(db.scalars(select(Offer.id).where(*over).limit(AT_ONCE)))


def refuse(db: Session, actor: Actor, offer_id: int, now: datetime) -> None:
    """The agent does not take the call: it goes to another, and this agent is offered nobody until they are ready."""
    offer, call = _with_call(db, offer_id)
    if offer is None or offer.agent_id != actor.id or offer.state != "ringing":
        raise TakenAlready(_holder(db, call))
    end(db, offer, "refuse", "miss", str(actor), now)
    record(db, actor, "offer_refused", offer.call_id, now, offer=offer.id)


def end(db: Session, offer: Offer, event: str, agent_event: str, cause: str, now: datetime) -> None:
    """The offer is over, and so is what the agent did for it. Raises `IllegalTransition`, `LostRace`."""
    agent = presence.locked(db, offer.agent_id)
    states.move(db, offer, OFFER, event, ended_at=now)
    if agent is None or agent.state not in ("ringing", "talking"):
        return
    if agent_event == "withdraw":
        presence.release(db, agent.id, cause, now)
    else:
        presence.miss(db, agent, agent_event, cause, now)


def withdraw(db: Session, queued_call_id: int, cause: str, now: datetime, states_of: Sequence[str] = LIVE) -> None:
    """The caller left, or was helped otherwise: nobody rings for them any more.

    An agent who accepted already is in an interaction: the desk ends it, and frees them.
    """
    live = select(Offer).where(Offer.queued_call_id == queued_call_id, Offer.state.in_(states_of)).with_for_update()
    offer = db.scalar(live.execution_options(populate_existing=True))
    if offer is not None and offer.state == "ringing":
        end(db, offer, "withdraw", "withdraw", cause, now)
    elif offer is not None:
        states.move(db, offer, OFFER, "withdraw", ended_at=now)


def overdue(db: Session, now: datetime) -> Sequence[int]:
    """Offers that nobody answered in time, and those whose agent's desk fell silent meanwhile."""
    silent = select(Agent.id).where(Agent.id == Offer.agent_id, Agent.proved_at < now - presence.SILENT)
    over = Offer.state == "ringing", or_(Offer.until <= now, silent.exists())
    return list(db.scalars(select(Offer.id).where(*over).limit(AT_ONCE)))


def expire(db: Session, offer_id: int, now: datetime) -> None:
    """End an offer that nobody answered in time, or whose agent's desk is silent: the next one gets the caller."""
    offer, _ = _with_call(db, offer_id)
    agent = presence.locked(db, offer.agent_id) if offer is not None else None
    if offer is None or agent is None or offer.state != "ringing":
        return
    if agent.proved_at is None or agent.proved_at < now - presence.SILENT:
        end(db, offer, "lose_desk", "lose_desk", "silent_desk", now)
    elif offer.until <= now:
        end(db, offer, "miss", "miss", "no_answer", now)


def _with_call(db: Session, offer_id: int) -> tuple[Offer | None, QueuedCall | None]:
    """An offer and its caller, the caller's row locked first, as every turn of the call locks it first."""
    queued_call_id = db.scalar(select(Offer.queued_call_id).where(Offer.id == offer_id))
    if queued_call_id is None:
        return None, None
    found = select(QueuedCall).where(QueuedCall.id == queued_call_id).with_for_update()
    call = db.scalar(found.execution_options(populate_existing=True))
    offer = select(Offer).where(Offer.id == offer_id).with_for_update()
    return db.scalar(offer.execution_options(populate_existing=True)), call


def _holder(db: Session, call: QueuedCall | None) -> str | None:
    """The agent who has the call now."""
    if call is None:
        return None
    theirs = Offer.queued_call_id == call.id, Offer.state.in_(("accepted", "answered")), Offer.consulted_in.is_(None)
    newest = select(Offer.agent_id).where(*theirs)
    return db.scalar(newest.order_by(Offer.id.desc()).limit(1))
