"""An agent hands the customer on to the third in the talk: one interaction ends, the next begins where it stood."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.centre.desk import endings, legs, lines, orders, thirds, wrap_ups
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.paths import Paths
from ivr.centre.desk.thirds import Third
from ivr.centre.queues import presence


def hand_on(db: Session, paths: Paths, interaction: Interaction, third: Third, now: datetime) -> Interaction:
    """The first agent's interaction is over, and the third's begins where it stood."""
    thirds.lock_agents(db, interaction)
    was_on_hold = interaction.state in ("on_hold", "reconnecting")
    own_line = lines.of_agent(db, interaction)
    endings.close(db, paths, interaction, "transfer", now, keeps_third=True)
    made = Interaction(
        kind="transfer", call_id=interaction.call_id, queued_call_id=interaction.queued_call_id,
        offer_id=third.offer.id, queue=interaction.queue, agent_id=third.agent_id, state="talking",
        customer_id=interaction.customer_id, level=interaction.level, proven_until=interaction.proven_until,
        conference=interaction.conference, conference_id=interaction.conference_id,
        recording_id=interaction.recording_id, accepted_at=now, talked_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    for leg in legs.of(db, interaction.id):
        if leg.state == "in" and (leg.role == "customer" or leg is third.leg):
            _carry_on(db, leg, made, now)
    if own_line is not None:
        lines.hang_up_leg(db, own_line, now)
    wrap_ups.open_for(db, made)
    wrap_ups.copy_notes(db, interaction, made)
    if was_on_hold:
        orders.place(
            db, made.id, "retrieve", now, conference=made.conference, call=made.call_id,
            conference_id=made.conference_id or "",
        )  # fmt: skip
    presence.tell(db, made.agent_id)
    return made


def _carry_on(db: Session, leg: Leg, made: Interaction, now: datetime) -> None:
    """A line goes on in the next interaction: it has a leg there too, which news of it is for from now on."""
    role = "customer" if leg.role == "customer" else "agent"
    db.add(
        Leg(
            interaction_id=made.id, role=role, account_id=leg.account_id, call_id=leg.call_id, state="in",
            sequence=leg.sequence, joined_at=now,
        )
    )  # fmt: skip
    leg.state, leg.left_at = "left", now
    db.flush()
