"""How an interaction ends: by somebody, by a line that never came, or by a deadline. Nobody is left in it."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.centre.desk import legs, lines, orders, thirds, wrap_ups
from ivr.centre.desk.models import Interaction
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import offers, presence, waiting
from ivr.centre.queues.models import Offer


def end(db: Session, paths: Paths, interaction: Interaction, by: str, now: datetime) -> None:
    """The interaction is over: the conference ends, and the agent writes it up where there was a talk."""
    if interaction.state == "ended":
        return
    was_on_the_way = interaction.state == "joining"
    close(db, paths, interaction, by, now)
    if was_on_the_way and by != "customer":
        _send_back(db, paths, interaction, now)
    else:
        orders.place(
            db, interaction.id, "end_conference", now, conference=interaction.conference,
            conference_id=interaction.conference_id or "",
        )  # fmt: skip
    lines.hang_up(db, interaction, now)


def _send_back(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """The customer was fetched from the queue for nothing: back to their place, wherever they are on the way."""
    entry = waiting.newest(db, interaction.call_id)
    queue_id = entry.queue_sid if entry is not None else None
    orders.place(
        db, interaction.id, "send_back", now, call=interaction.call_id, queue_id=queue_id or "", url=paths.back
    )


def close(
    db: Session, paths: Paths, interaction: Interaction, by: str, now: datetime, *, keeps_third: bool = False
) -> None:
    """The row ends, and what the agents do; what becomes of the customer's call is the caller's to say."""
    thirds.lock_agents(db, interaction)
    if not keeps_third:
        thirds.release(db, interaction, "consult_over", now)
    held = held_seconds(interaction, now)
    legs.move(db, interaction, "end", ended_at=now, ended_by=by, held_at=None, held_seconds=held, until=None)
    if interaction.talked_at is not None:
        wrap_ups.begin(db, interaction, paths.pause, now)
        return
    wrap_ups.drop(db, interaction)
    offer = db.get(Offer, interaction.offer_id) if interaction.offer_id is not None else None
    if offer is not None and offer.state == "accepted":
        offers.end(db, offer, "withdraw", "withdraw", f"ended_by_{by}", now)
    else:
        presence.release(db, interaction.agent_id, f"ended_by_{by}", now)


def held_seconds(interaction: Interaction, now: datetime) -> int:
    """The seconds of hold up to now."""
    running = 0 if interaction.held_at is None else round((now - interaction.held_at).total_seconds())
    return interaction.held_seconds + running


def line_failed(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """The agent's line never came, or went before the customer was there: the customer waits on at their place.

    One who was fetched from the queue already is sent back to it, wherever they are on the way.
    """
    if interaction.state not in ("connecting", "joining"):
        return
    was_fetched = interaction.state == "joining"
    offer = db.get(Offer, interaction.offer_id) if interaction.offer_id is not None else None
    legs.move(db, interaction, "end", ended_at=now, ended_by="line_failed", until=None)
    if was_fetched:
        _send_back(db, paths, interaction, now)
    lines.hang_up(db, interaction, now)
    wrap_ups.drop(db, interaction)
    if offer is not None and offer.state == "accepted":
        offers.end(db, offer, "lose_desk", "miss", "line_never_came", now)
    else:
        presence.release(db, interaction.agent_id, "line_failed", now)


def customer_gone(db: Session, paths: Paths, call_id: str, now: datetime) -> None:
    """The customer's call is over, whatever it stood in."""
    interaction = legs.open_of_call(db, call_id)
    if interaction is not None:
        end(db, paths, interaction, "customer", now)
