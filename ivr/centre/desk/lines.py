"""An agent's line: called into the conference of an interaction, or hung up."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk import legs, orders
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.paths import Paths
from ivr.centre.queues.models import Agent
from ivr.platform.keyring import keyring_of

BROWSER_SECONDS, TELEPHONE_SECONDS = 10, 25  # how long the agent's line may take to be there
LIVE = ("ordered", "ringing", "in")
REMEMBERED = 20  # calls of an agent that a repeated order must not take for its own


def seconds_for(agent: Agent) -> int:
    """How long this agent's line may take to be there."""
    return BROWSER_SECONDS if agent.device == "browser" else TELEPHONE_SECONDS


def call(
    db: Session, paths: Paths, interaction: Interaction, agent: Agent, seconds: int, now: datetime, role: str = "agent"
) -> Leg:
    """Call an agent's line into the conference."""
    leg = Leg(interaction_id=interaction.id, role=role, account_id=agent.id, state="ordered")
    db.add(leg)
    db.flush()
    known = select(Leg.call_id).where(Leg.account_id == agent.id, Leg.call_id.is_not(None))
    orders.place(
        db, interaction.id, "invite", now, **device(db, agent), leg=leg.id, label=f"agent{leg.id}",
        conference=interaction.conference, seconds=seconds, notify_url=paths.notifications,
        known=list(db.scalars(known.order_by(Leg.id.desc()).limit(REMEMBERED))),
    )  # fmt: skip
    return leg


def device(db: Session, agent: Agent) -> dict[str, str]:
    """Where an agent's line rings: the browser by the name it signed in under, or their telephone."""
    if agent.device == "telephone" and agent.number is not None:
        return {"number": keyring_of(db).open_text(f"agents.number|{agent.id}", agent.number)}
    return {"desk": f"agent_{agent.id}"}


def hang_up(db: Session, interaction: Interaction, now: datetime) -> None:
    """Every line but the customer's ends. One whose call is not known yet ends when it is: `handover.follow`."""
    for leg in legs.of(db, interaction.id):
        if leg.role != "customer":
            hang_up_leg(db, leg, now)


def hang_up_leg(db: Session, leg: Leg, now: datetime) -> None:
    """One line ends."""
    if leg.call_id is not None and leg.state in LIVE:
        orders.place(db, leg.interaction_id, "hang_up", now, call=leg.call_id)


def of_agent(db: Session, interaction: Interaction) -> Leg | None:
    """The agent's newest line."""
    own = Leg.interaction_id == interaction.id, Leg.role == "agent"
    return db.scalar(select(Leg).where(*own).order_by(Leg.id.desc()).limit(1))
