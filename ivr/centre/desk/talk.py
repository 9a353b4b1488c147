"""What an agent does during a talk: hold, retrieve, hang up. Each is a state first, and an order to the provider."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.centre.desk import endings, legs, orders
from ivr.centre.desk.models import Interaction
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import presence, waiting
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

VERIFYING = timedelta(minutes=3)  # how long the customer may take to key a password


def own(db: Session, actor: Actor) -> Interaction:
    """The interaction that the agent is in, locked. Raises `Refused`: no_talk."""
    interaction = legs.open_of_agent(db, actor.id)
    if interaction is None:
        raise Refused("no_talk")
    return interaction


def hold(db: Session, paths: Paths, actor: Actor, now: datetime) -> None:
    """The customer hears music, and neither hears the agent nor is heard."""
    interaction = own(db, actor)
    legs.move(db, interaction, "hold", held_at=now)
    agent = presence.locked(db, actor.id)
    if agent is not None:
        presence.change(db, agent, "hold", str(actor), now)
    orders.place(
        db, interaction.id, "hold", now, conference=interaction.conference, call=interaction.call_id,
        conference_id=interaction.conference_id or "", url=paths.of(interaction.id, "hold"),
    )  # fmt: skip


def retrieve(db: Session, actor: Actor, now: datetime) -> None:
    """The customer is back."""
    interaction = own(db, actor)
    held = endings.held_seconds(interaction, now)
    legs.move(db, interaction, "retrieve", held_at=None, held_seconds=held)
    agent = presence.locked(db, actor.id)
    if agent is not None:
        presence.change(db, agent, "retrieve", str(actor), now)
    orders.place(
        db, interaction.id, "retrieve", now, conference=interaction.conference, call=interaction.call_id,
        conference_id=interaction.conference_id or "",
    )  # fmt: skip


def verify(db: Session, paths: Paths, actor: Actor, level: str, now: datetime) -> None:
    """Send the customer to the self-service to key a password: the agent never hears it, and they come back.

    `level` is query or transaction. The recording pauses first.
    """
    interaction = own(db, actor)
    held = endings.held_seconds(interaction, now)
    legs.move(db, interaction, "verify", until=now + VERIFYING, held_at=None, held_seconds=held)
    agent = presence.locked(db, actor.id)
    if agent is not None and agent.state == "on_hold":
        presence.change(db, agent, "retrieve", str(actor), now)
    if interaction.recording_id is not None:
        orders.place(
            db, interaction.id, "pause_recording", now, call=interaction.call_id, recording=interaction.recording_id
        )  # fmt: skip
    for leg in legs.of(db, interaction.id):
        if leg.role == "customer":
            leg.state = "ordered"  # expected back
    turn = _turn_of(db, interaction)
    url = paths.of(interaction.id, f"verify/{level}/{turn}")
    orders.place(db, interaction.id, "redirect", now, call=interaction.call_id, url=url)
    record(db, actor, "verification_asked", interaction.call_id, now, interaction=interaction.id, level=level)


def resume(db: Session, paths: Paths, actor: Actor, now: datetime) -> None:
    """Send the customer back to the step of the self-service that failed; the talk is over. Raises `Refused`."""
    interaction = own(db, actor)
    entry = waiting.newest(db, interaction.call_id)
    if entry is None or not entry.failed_step:
        raise Refused("nothing_to_resume")
    turn = _turn_of(db, interaction)
    url = paths.of(interaction.id, f"resume/{turn}")
    orders.place(db, interaction.id, "redirect", now, call=interaction.call_id, url=url)
    record(db, actor, "self_service_resumed", interaction.call_id, now, interaction=interaction.id)
    endings.end(db, paths, interaction, "self_service", now)


def _turn_of(db: Session, interaction: Interaction) -> int:
    """The turn that the customer's call stands at. Raises `Refused` where the call came without a queue."""
    entry = waiting.newest(db, interaction.call_id)
    if entry is None or entry.turn is None:
        raise Refused("no_self_service")
    return entry.turn
