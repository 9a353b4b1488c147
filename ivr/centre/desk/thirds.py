"""The third in a talk: an agent who is consulted. Their desk rings first, then their line comes into the conference."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk import legs, lines
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.queues import offers, presence
from ivr.centre.queues.models import Offer

RECENT = 1  # the newest third is shown after it is over too: why it did not come about


@dataclass(frozen=True, slots=True)
class Third:
    """Who is or was consulted last. `state`: ringing, coming, in; or refused, unanswered, unreachable, withdrawn,
    failed, left. `outcome` is why a line failed: busy, no_answer, failed, cancelled.
    """

    agent_id: str
    state: str
    offer: Offer
    leg: Leg | None

    @property
    def is_live(self) -> bool:
        """Whether they are there, or on the way."""
        return self.state in ("ringing", "coming", "in")

    @property
    def outcome(self) -> str:
        """Why the line failed; empty where it did not."""
        return (self.leg.outcome or "") if self.leg is not None else ""


def of(db: Session, interaction: Interaction) -> Third | None:
    """The newest third of a talk."""
    newest = select(Offer).where(Offer.consulted_in == interaction.id).order_by(Offer.id.desc()).limit(RECENT)
    offer = db.scalar(newest)
    if offer is None:
        return None
    theirs = Leg.interaction_id == interaction.id, Leg.role == "consulted", Leg.account_id == offer.agent_id
    leg = db.scalar(select(Leg).where(*theirs).order_by(Leg.id.desc()).limit(1))
    if offer.state not in ("accepted", "answered") or leg is None:
        return Third(offer.agent_id, offer.state, offer, None)
    return Third(offer.agent_id, "coming" if leg.state in ("ordered", "ringing") else leg.state, offer, leg)


def talk_of(db: Session, agent_id: str) -> Interaction | None:
    """The talk that an agent is consulted in; read only."""
    live = Leg.account_id == agent_id, Leg.role == "consulted", Leg.state.in_(lines.LIVE)
    found = select(Interaction).join(Leg, Leg.interaction_id == Interaction.id)
    return db.scalar(found.where(*live, Interaction.state != "ended").limit(1))


def lock_agents(db: Session, interaction: Interaction, *others: str) -> None:
    """Lock the agent and the third of a talk, and others, in the order of locks."""
    third = of(db, interaction)
    ids = {interaction.agent_id, *others} | ({third.agent_id} if third is not None and third.is_live else set())
    for agent_id in sorted(ids):
        presence.locked(db, agent_id)


def release(db: Session, interaction: Interaction, cause: str, now: datetime) -> None:
    """Whoever is consulted is not needed any more: their desk rings no longer, their line ends, they are free."""
    third = of(db, interaction)
    if third is None or not third.is_live:
        return
    if third.offer.state in offers.LIVE:
        offers.end(db, third.offer, "withdraw", "withdraw", cause, now)
    else:
        presence.release(db, third.agent_id, cause, now)
    if third.leg is not None:
        lines.hang_up_leg(db, third.leg, now)
        third.leg.state, third.leg.left_at = "left", now  # news of it, which comes later, frees nobody
        db.flush()


def came(db: Session, leg: Leg, now: datetime) -> None:
    """Their line is in the conference."""
    offer = _offer_of(db, leg)
    if offer is not None and offer.state == "accepted":
        offers.connect(db, offer, now)


def failed(db: Session, leg: Leg, now: datetime) -> None:
    """Their line did not come about: they are not responding."""
    offer = _offer_of(db, leg)
    if offer is not None and offer.state == "accepted":
        offers.end(db, offer, "lose_desk", "miss", "line_never_came", now)


def went(db: Session, leg: Leg, now: datetime) -> None:
    """Their line left the talk, which goes on without them."""
    if leg.account_id is not None:
        failed(db, leg, now)
        presence.release(db, leg.account_id, "consult_over", now)


def sweep(db: Session, offer_id: int, now: datetime) -> None:
    """A line that did not come in time never will."""
    found = db.execute(select(Offer.consulted_in).where(Offer.id == offer_id)).scalar_one_or_none()
    interaction = legs.locked(db, found) if found is not None else None
    third = of(db, interaction) if interaction is not None else None
    if third is None or third.offer.id != offer_id or third.offer.state != "accepted" or third.offer.until > now:
        return
    if third.leg is None:
        offers.end(db, third.offer, "lose_desk", "miss", "line_never_came", now)
        return
    lines.hang_up_leg(db, third.leg, now)
    third.leg.state, third.leg.left_at, third.leg.outcome = "failed", now, "no_answer"
    db.flush()
    failed(db, third.leg, now)


def _offer_of(db: Session, leg: Leg) -> Offer | None:
    theirs = Offer.consulted_in == leg.interaction_id, Offer.agent_id == leg.account_id
    return db.scalar(select(Offer).where(*theirs).order_by(Offer.id.desc()).limit(1))
