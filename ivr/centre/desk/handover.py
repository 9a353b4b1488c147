"""A caller and an agent meet: accepted, the agent's line called into a conference, the caller fetched from the queue.

The database owns the state, the provider carries the voice: whatever the provider tells moves a row here, and whatever
is asked of it is an order. Two steps, so that no caller is lost: until the agent's line is there the caller waits on at
their place, and one that never comes costs them nothing but its seconds.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk import legs, lines, lost_lines, orders, recordings, thirds, transfers, wrap_ups
from ivr.centre.desk.endings import customer_gone, end, line_failed
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.orders import Order
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import offers, presence, waiting
from ivr.centre.queues.models import Agent, Offer, QueuedCall
from ivr.centre.queues.offers import TakenAlready
from ivr.foundation.errors import IllegalTransition
from ivr.platform.actor import Actor
from ivr.telephony.notifications import OVER, CallNotification, ConferenceNotification

SUPERVISED = {"mute": "listen", "coach": "whisper", "barge": "barge"}  # order -> how a leader takes part once done
JOINING = timedelta(seconds=20)  # from the agent's line being there until the customer is


def accept(db: Session, paths: Paths, actor: Actor, offer_id: int, now: datetime) -> Interaction:
    """The agent takes the call that is offered to them; their line is called. Raises `TakenAlready`.

    Returns the interaction that they are in now: their own, or the one they are consulted in.
    """
    consulted_in = db.scalar(select(Offer.consulted_in).where(Offer.id == offer_id))
    other = legs.locked(db, consulted_in) if consulted_in is not None else None  # before the offer: the order of locks
    offer = offers.accept(db, actor, offer_id, now)
    if other is not None:
        transfers.join(db, paths, other, offer, now)
        return other
    call = db.get_one(QueuedCall, offer.queued_call_id)
    agent = db.get_one(Agent, actor.id)
    seconds = lines.seconds_for(agent)
    offer.until = now + timedelta(seconds=seconds)
    before = _before(db, call.call)
    made = Interaction(
        kind="inbound" if before is None else "transfer", call_id=call.call, queued_call_id=call.id, offer_id=offer.id,
        queue=call.queue, agent_id=actor.id, state="connecting", customer_id=call.customer_id, level=call.level,
        proven_until=call.proven_until, conference=f"i{offer.id}.{call.call[-8:]}", accepted_at=now, until=offer.until,
    )  # fmt: skip
    db.add(made)
    db.flush()
    db.add(Leg(interaction_id=made.id, role="customer", call_id=call.call, state="ordered"))
    lines.call(db, paths, made, agent, seconds, now)
    wrap_ups.open_for(db, made)
    if before is not None:
        wrap_ups.copy_notes(db, before, made)
    return made


def _before(db: Session, call_id: str) -> Interaction | None:
    """The talk before, of a customer who was passed on or whose agent was lost."""
    earlier = Interaction.call_id == call_id, Interaction.talked_at.is_not(None)
    return db.scalar(select(Interaction).where(*earlier).order_by(Interaction.id.desc()).limit(1))


def follow(db: Session, paths: Paths, order: Order, outcome: str, now: datetime) -> None:
    """What follows from what the provider did of an order."""
    interaction = legs.locked(db, order.interaction_id)
    if interaction is None:
        return
    if order.kind == "invite":
        _invited(db, paths, interaction, db.get_one(Leg, order.details["leg"], populate_existing=True), outcome, now)
    elif order.kind == "take_customer" and outcome in ("gone", "failed"):
        if interaction.state in ("connecting", "joining"):
            end(db, paths, interaction, "customer" if outcome == "gone" else "provider", now)
    elif order.kind in SUPERVISED and outcome == "done":
        db.get_one(Leg, order.details["leg"]).mode = SUPERVISED[order.kind]
        presence.tell(db, interaction.agent_id)
    elif order.kind.endswith("_recording"):
        recordings.follow(db, interaction, order, outcome, now)


def _invited(db: Session, paths: Paths, interaction: Interaction, leg: Leg, outcome: str, now: datetime) -> None:
    """The provider rings the line, or will not. News of the line may have come first, and knows better."""
    if outcome in ("failed", "gone"):
        if leg.state in ("ordered", "ringing"):
            leg.outcome = "refused" if outcome == "failed" else "cancelled"
            _fail(db, paths, interaction, leg, now)
        return
    leg.call_id = leg.call_id or outcome
    is_wanted = interaction.state != "ended" and leg.state in lines.LIVE
    leg.state = "ringing" if leg.state == "ordered" else leg.state
    db.flush()
    if not is_wanted:
        orders.place(db, interaction.id, "hang_up", now, call=outcome)


def note(db: Session, paths: Paths, news: ConferenceNotification | CallNotification, now: datetime) -> None:
    """Take what the provider tells; it may come twice, late, and in any order."""
    found = legs.of_news(db, news)
    if found is None:
        return
    interaction, leg = found
    if isinstance(news, CallNotification):
        if news.status in OVER and leg.state in ("ordered", "ringing"):
            leg.outcome = news.status
            _fail(db, paths, interaction, leg, now)
        elif news.status in OVER:
            _left(db, paths, interaction, leg, now)
        return
    interaction.conference_id = interaction.conference_id or news.conference
    if news.event == "joined":
        _joined(db, paths, interaction, leg, now)
    elif news.event == "left":
        _left(db, paths, interaction, leg, now)


def _fail(db: Session, paths: Paths, interaction: Interaction, leg: Leg, now: datetime) -> None:
    """A line did not come about."""
    leg.state, leg.left_at = "failed", now
    db.flush()
    if leg.role == "agent":
        line_failed(db, paths, interaction, now)
    elif leg.role == "consulted":
        thirds.failed(db, leg, now)
        presence.tell(db, interaction.agent_id)


def _joined(db: Session, paths: Paths, interaction: Interaction, leg: Leg, now: datetime) -> None:
    if leg.state == "in" or (leg.state == "left" and leg.role != "customer"):
        return
    leg.state, leg.joined_at = "in", leg.joined_at or now
    db.flush()
    presence.tell(db, interaction.agent_id)
    if interaction.state == "ended":
        _send_away(db, paths, interaction, leg, now)
    elif leg.role == "agent" and interaction.state == "connecting":
        fetch_customer(db, paths, interaction, now)
    elif leg.role == "agent":
        lost_lines.back(db, interaction, now)
    elif leg.role == "consulted":
        thirds.came(db, leg, now)
        presence.tell(db, interaction.agent_id)
    elif leg.role == "customer" and interaction.state in ("joining", "verifying"):
        connected(db, paths, interaction, now)


def _send_away(db: Session, paths: Paths, interaction: Interaction, leg: Leg, now: datetime) -> None:
    """Somebody comes into a conference that is over: nobody else will come."""
    if leg.role == "customer":
        orders.place(db, interaction.id, "redirect", now, call=interaction.call_id, url=paths.back)
    else:
        lines.hang_up_leg(db, leg, now)


def fetch_customer(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """The agent's line is there: the customer is taken out of the queue, and told that the call is recorded."""
    legs.move(db, interaction, "agent_joins", until=now + JOINING)
    if interaction.offer_id is not None:
        offer = db.get_one(Offer, interaction.offer_id)
        offer.until = now + JOINING
    call = db.get_one(QueuedCall, interaction.queued_call_id)
    orders.place(
        db, interaction.id, "take_customer", now, call=interaction.call_id, queue=call.queue,
        queue_id=call.queue_sid or "", url=paths.of(interaction.id, "join"), conference=interaction.conference,
    )  # fmt: skip


def connected(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """Customer and agent hear each other."""
    is_first = interaction.talked_at is None
    legs.move(db, interaction, "customer_joins", until=None, talked_at=interaction.talked_at or now)
    if interaction.offer_id is not None:
        offer = db.get_one(Offer, interaction.offer_id)
        if offer.state == "accepted":
            offers.connect(db, offer, now)
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
    agent_line = lines.of_agent(db, interaction)
    if agent_line is not None and agent_line.state != "in":  # it broke while the customer keyed a password
        lost_lines.lose(db, paths, interaction, now)


def _left(db: Session, paths: Paths, interaction: Interaction, leg: Leg, now: datetime) -> None:
    if leg.state in ("left", "failed") or (leg.role == "customer" and interaction.state == "verifying"):
        return  # gone already, or in the self-service and expected back
    leg.state, leg.left_at = "left", now
    db.flush()
    presence.tell(db, interaction.agent_id)
    if interaction.state == "ended":
        return
    if leg.role == "customer":
        end(db, paths, interaction, "customer", now)
    elif leg.role == "agent" and interaction.state in ("connecting", "joining"):
        line_failed(db, paths, interaction, now)
    elif leg.role == "agent" and lines.of_agent(db, interaction) is leg:
        lost_lines.left(db, paths, interaction, now)
    elif leg.role == "consulted":
        thirds.went(db, leg, now)
        presence.tell(db, interaction.agent_id)


def is_open(db: Session, call_id: str) -> bool:
    """Whether a customer's call is with an agent, or on its way there."""
    found = select(Interaction.id).where(Interaction.call_id == call_id, Interaction.state != "ended")
    return db.scalar(found) is not None


def is_sent_back(db: Session, call_id: str) -> bool:
    """Whether a customer was fetched from the queue for an agent whose line broke: they wait on at their place."""
    newest = select(Interaction.talked_at).where(Interaction.call_id == call_id).order_by(Interaction.id.desc())
    found = db.execute(newest.limit(1)).one_or_none()
    return found is not None and found.talked_at is None


def proven(db: Session, call_id: str, level: str, until: datetime | None, customer_id: str | None) -> None:
    """The customer comes back from the self-service, proven so far."""
    interaction = legs.open_of_call(db, call_id)
    if interaction is not None:
        interaction.level, interaction.proven_until = level, until
        interaction.customer_id = customer_id or interaction.customer_id
        db.flush()


def sweep(db: Session, paths: Paths, interaction_id: int, now: datetime) -> None:
    """End what should have gone on long ago: no agent and no caller is stuck in a state that must not last."""
    interaction = legs.locked(db, interaction_id)
    if interaction is None or interaction.state == "ended":
        return
    is_over = interaction.until is not None and interaction.until <= now
    offer = db.get(Offer, interaction.offer_id) if interaction.offer_id is not None else None
    if interaction.state in ("connecting", "joining") and offer is not None and offer.state != "accepted":
        end(db, paths, interaction, "customer", now)
    elif interaction.state == "connecting" and is_over:
        line_failed(db, paths, interaction, now)
    elif interaction.state == "joining" and is_over:
        end(db, paths, interaction, "customer_never_came", now)
    elif interaction.state in ("reconnecting", "verifying"):
        lost_lines.sweep(db, paths, interaction, now)


__all__ = [
    "IllegalTransition", "Paths", "TakenAlready", "accept", "customer_gone", "end", "follow", "line_failed", "note",
    "sweep",
]  # fmt: skip
