"""A caller and an agent meet: accepted, the agent's line called into a conference, the caller fetched from the queue.

The database owns the state, the provider carries the voice: whatever the provider tells moves a row here, and whatever
is asked of it is an order. Two steps, so that no caller is lost: until the agent's line is there the caller waits on at
their place, and one that never comes costs them nothing but its seconds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk import legs, orders, recordings, wrap_ups
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.orders import Order
from ivr.centre.queues import offers, presence, waiting
from ivr.centre.queues.models import Agent, Offer, QueuedCall
from ivr.centre.queues.offers import TakenAlready
from ivr.centre.queues.states import OFFER
from ivr.db import states
from ivr.foundation.errors import IllegalTransition
from ivr.platform.actor import Actor
from ivr.platform.keyring import keyring_of
from ivr.telephony.notifications import OVER, CallNotification, ConferenceNotification

BROWSER_SECONDS, TELEPHONE_SECONDS = 10, 25  # how long the agent's line may take to be there
SUPERVISED = {
    "mute": "listen",
    "coach": "whisper",
    "barge": "barge",
}  # order -> how a leader takes part once it is done
JOINING = timedelta(seconds=20)  # from the agent's line being there until the customer is


@dataclass(frozen=True, slots=True)
class Paths:
    """The URLs that the provider asks for on behalf of an interaction, below the product's public URL, `base`.

    `pause`: how long an agent has to write a talk up.
    """

    base: str
    pause: timedelta = wrap_ups.PAUSE

    def of(self, interaction_id: int, what: str) -> str:
        """The URL of one document or piece of news of an interaction."""
        return f"{self.base}/voice/desk/{interaction_id}/{what}"

    @property
    def notifications(self) -> str:
        """Where the provider tells what happens in conferences and to calls."""
        return f"{self.base}/voice/desk/news"


def accept(db: Session, paths: Paths, actor: Actor, offer_id: int, now: datetime) -> Interaction:
    """The agent takes the call that is offered to them; their line is called. Raises `TakenAlready`."""
    offer = offers.accept(db, actor, offer_id, now)
    call = db.get_one(QueuedCall, offer.queued_call_id)
    agent = db.get_one(Agent, actor.id)
    seconds = BROWSER_SECONDS if agent.device == "browser" else TELEPHONE_SECONDS
    offer.until = now + timedelta(seconds=seconds)
    made = Interaction(
        kind="inbound", call_id=call.call, queued_call_id=call.id, offer_id=offer.id, queue=call.queue,
        agent_id=actor.id, state="connecting", customer_id=call.customer_id, level=call.level,
        proven_until=call.proven_until, conference=f"i{offer.id}.{call.call[-8:]}",
        accepted_at=now, until=offer.until,
    )  # fmt: skip
    db.add(made)
    db.flush()
    db.add(Leg(interaction_id=made.id, role="customer", call_id=call.call, state="ordered"))
    call_agent(db, paths, made, agent, seconds, now)
    wrap_ups.open_for(db, made)
    return made


def call_agent(db: Session, paths: Paths, interaction: Interaction, agent: Agent, seconds: int, now: datetime) -> Leg:
    """Call the agent's line into the conference."""
    leg = Leg(interaction_id=interaction.id, role="agent", account_id=agent.id, state="ordered")
    db.add(leg)
    db.flush()
    whom = device_of(db, agent)
    orders.place(
        db, interaction.id, "invite", now, **whom, leg=leg.id, label=f"agent{leg.id}",
        conference=interaction.conference, seconds=seconds, notify_url=paths.notifications,
        known=legs.calls_of(db, agent.id),
    )  # fmt: skip
    return leg


def device_of(db: Session, agent: Agent) -> dict[str, str]:
    """Where an agent's line rings: the browser by the name it signed in under, or their telephone."""
    if agent.device == "telephone" and agent.number is not None:
        return {"number": keyring_of(db).open_text(f"agents.number|{agent.id}", agent.number)}
    return {"desk": f"agent_{agent.id}"}


def follow(db: Session, paths: Paths, order: Order, outcome: str, now: datetime) -> None:
    """What follows from what the provider did of an order."""
    interaction = legs.locked(db, order.interaction_id)
    if interaction is None:
        return
    if order.kind == "invite":
        _invited(db, paths, interaction, db.get_one(Leg, order.details["leg"]), outcome, now)
    elif order.kind == "take_customer" and outcome in ("gone", "failed"):
        end(db, paths, interaction, "customer" if outcome == "gone" else "provider", now)
    elif order.kind in SUPERVISED and outcome == "done":
        db.get_one(Leg, order.details["leg"]).mode = SUPERVISED[order.kind]
        presence.tell(db, interaction.agent_id)
    elif order.kind.endswith("_recording"):
        recordings.follow(db, interaction, order, outcome, now)


def _invited(db: Session, paths: Paths, interaction: Interaction, leg: Leg, outcome: str, now: datetime) -> None:
    if outcome == "failed":
        leg.state = "failed"
        if leg.role == "agent":
            line_failed(db, paths, interaction, now)
        return
    leg.call_id = outcome
    leg.state = "ringing" if leg.state == "ordered" else leg.state
    db.flush()
    if interaction.state == "ended":
        orders.place(db, interaction.id, "hang_up", now, call=outcome)


def note(db: Session, paths: Paths, news: ConferenceNotification | CallNotification, now: datetime) -> None:
    """Take what the provider tells; it may come twice, late, and in any order."""
    found = legs.of_news(db, news)
    if found is None:
        return
    interaction, leg = found
    if isinstance(news, CallNotification):
        if news.status in OVER and leg.state in ("ordered", "ringing"):
            leg.state, leg.left_at = "failed", now
            db.flush()
            if leg.role == "agent":
                line_failed(db, paths, interaction, now)
        return
    interaction.conference_id = interaction.conference_id or news.conference
    if news.event == "joined":
        _joined(db, paths, interaction, leg, now)
    elif news.event == "left":
        _left(db, paths, interaction, leg, now)


def _joined(db: Session, paths: Paths, interaction: Interaction, leg: Leg, now: datetime) -> None:
    if leg.state in ("in", "left"):
        return
    leg.state, leg.joined_at = "in", now
    db.flush()
    presence.tell(db, interaction.agent_id)
    if leg.role == "agent" and interaction.state == "connecting":
        fetch_customer(db, paths, interaction, now)
    elif leg.role == "agent" and interaction.state == "reconnecting":
        legs.move(db, interaction, "agent_joins", until=None)
    elif leg.role == "customer" and interaction.state in ("joining", "verifying"):
        connected(db, paths, interaction, now)


def fetch_customer(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """The agent's line is there: the customer is taken out of the queue, and told that the call is recorded."""
    legs.move(db, interaction, "agent_joins", until=now + JOINING)
    if interaction.offer_id is not None:
        offer = db.get_one(Offer, interaction.offer_id)
        offer.until = now + JOINING
    call = db.get_one(QueuedCall, interaction.queued_call_id)
    orders.place(
        db, interaction.id, "take_customer", now, call=interaction.call_id, queue=call.queue,
        queue_id=call.queue_sid or "", url=paths.of(interaction.id, "join"),
    )  # fmt: skip


def connected(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """Customer and agent hear each other."""
    is_first = interaction.talked_at is None
    legs.move(db, interaction, "customer_joins", until=None, talked_at=interaction.talked_at or now)
    if interaction.offer_id is not None:
        offer = db.get_one(Offer, interaction.offer_id)
        if offer.state == "accepted":
            states.move(db, offer, OFFER, "connect", ended_at=now)
    entry = waiting.latest(db, interaction.call_id)
    if entry is not None and waiting.can(entry, "answer"):
        waiting.move(db, entry, "answer", now)
    if is_first:
        orders.place(
            db, interaction.id, "start_recording", now, call=interaction.call_id, notify_url=paths.notifications
        )
    elif interaction.recording_id is not None:
        orders.place(
            db, interaction.id, "resume_recording", now, call=interaction.call_id, recording=interaction.recording_id
        )  # fmt: skip


def _left(db: Session, paths: Paths, interaction: Interaction, leg: Leg, now: datetime) -> None:
    if leg.state == "left" or (leg.role == "customer" and interaction.state == "verifying"):
        return  # gone already, or in the self-service and expected back
    leg.state, leg.left_at = "left", now
    db.flush()
    presence.tell(db, interaction.agent_id)
    if interaction.state == "ended":
        return
    if leg.role == "customer":
        end(db, paths, interaction, "customer", now)
    elif leg.role == "agent":
        if interaction.state in ("connecting", "joining"):
            line_failed(db, paths, interaction, now)
        else:
            end(db, paths, interaction, "agent", now)


def line_failed(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """The agent's line never came, or went before the customer was there: the customer waits on at their place."""
    if interaction.state not in ("connecting", "joining"):
        return
    offer = db.get(Offer, interaction.offer_id) if interaction.offer_id is not None else None
    legs.move(db, interaction, "end", ended_at=now, ended_by="line_failed", until=None)
    _hang_up_agent(db, paths, interaction, now)
    wrap_ups.drop(db, interaction)
    if offer is not None and offer.state == "accepted":
        offers.end(db, offer, "lose_desk", "miss", "line_never_came", now)


def end(db: Session, paths: Paths, interaction: Interaction, by: str, now: datetime) -> None:
    """The interaction is over: the conference ends, and the agent writes it up where there was a talk."""
    if interaction.state == "ended":
        return
    had_talk = interaction.talked_at is not None
    held = interaction.held_seconds
    if interaction.held_at is not None:
        held += round((now - interaction.held_at).total_seconds())
    legs.move(db, interaction, "end", ended_at=now, ended_by=by, held_at=None, held_seconds=held, until=None)
    orders.place(
        db, interaction.id, "end_conference", now, conference=interaction.conference,
        conference_id=interaction.conference_id or "",
    )  # fmt: skip
    _hang_up_agent(db, paths, interaction, now)
    if had_talk:
        wrap_ups.begin(db, interaction, paths.pause, now)
        return
    wrap_ups.drop(db, interaction)
    offer = db.get(Offer, interaction.offer_id) if interaction.offer_id is not None else None
    if offer is not None and offer.state == "accepted":
        offers.end(db, offer, "withdraw", "withdraw", f"ended_by_{by}", now)
    else:
        agent = presence.locked(db, interaction.agent_id)
        if agent is not None and agent.state in ("talking", "on_hold"):
            presence.change(db, agent, "withdraw", f"ended_by_{by}", now)


def _hang_up_agent(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:  # noqa: ARG001 - as the others
    for leg in legs.of(db, interaction.id):
        if leg.role != "customer" and leg.call_id is not None and leg.state in ("ordered", "ringing", "in"):
            orders.place(db, interaction.id, "hang_up", now, call=leg.call_id)


def is_open(db: Session, call_id: str) -> bool:
    """Whether a customer's call is with an agent, or on its way there."""
    found = select(Interaction.id).where(Interaction.call_id == call_id, Interaction.state != "ended")
    return db.scalar(found) is not None


def proven(db: Session, call_id: str, level: str, until: datetime | None, customer_id: str | None) -> None:
    """The customer comes back from the self-service, proven so far."""
    interaction = legs.open_of_call(db, call_id)
    if interaction is not None:
        interaction.level, interaction.proven_until = level, until
        interaction.customer_id = customer_id or interaction.customer_id
        db.flush()


def customer_gone(db: Session, paths: Paths, call_id: str, now: datetime) -> None:
    """The customer's call is over, whatever it stood in."""
    interaction = legs.open_of_call(db, call_id)
    if interaction is not None:
        end(db, paths, interaction, "customer", now)


def sweep(db: Session, paths: Paths, interaction_id: int, now: datetime) -> None:
    """End what should have gone on long ago: no agent and no caller is stuck in a state that must not last."""
    interaction = legs.locked(db, interaction_id)
    if interaction is None or interaction.state == "ended":
        return
    offer = db.get(Offer, interaction.offer_id) if interaction.offer_id is not None else None
    if interaction.state in ("connecting", "joining") and offer is not None and offer.state != "accepted":
        end(db, paths, interaction, "customer", now)
    elif interaction.until is not None and interaction.until <= now:
        if interaction.state in ("connecting", "joining"):
            line_failed(db, paths, interaction, now)
        else:
            end(db, paths, interaction, "timeout", now)


__all__ = ["IllegalTransition", "Paths", "TakenAlready", "accept", "customer_gone", "end", "follow", "note", "sweep"]
