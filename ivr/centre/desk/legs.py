"""Finding interactions and their legs, each under the lock of its interaction."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.states import INTERACTION
from ivr.centre.queues import presence
from ivr.db import states
from ivr.db.locks import Lock, note_lock
from ivr.telephony.notifications import CallNotification, ConferenceNotification


def locked(db: Session, interaction_id: int) -> Interaction | None:
    """An interaction, its row locked until the transaction ends."""
    return _one(db, select(Interaction).where(Interaction.id == interaction_id))


def open_of_call(db: Session, call_id: str) -> Interaction | None:
    """The interaction that a customer's call is in, locked."""
    return _one(db, select(Interaction).where(Interaction.call_id == call_id, Interaction.state != "ended"))


def open_of_agent(db: Session, agent_id: str) -> Interaction | None:
    """The interaction that an agent is in, locked."""
    return _one(db, select(Interaction).where(Interaction.agent_id == agent_id, Interaction.state != "ended"))


def of(db: Session, interaction_id: int) -> Sequence[Leg]:
    """The legs of an interaction, the first one first."""
    return list(db.scalars(select(Leg).where(Leg.interaction_id == interaction_id).order_by(Leg.id)))


def calls_of(db: Session, account_id: str) -> Sequence[str]:
    """The newest calls to somebody's line, so that another one is told from them."""
    known = select(Leg.call_id).where(Leg.account_id == account_id, Leg.call_id.is_not(None))
    return [str(each) for each in db.scalars(known.order_by(Leg.id.desc()).limit(20))]


def of_news(db: Session, news: ConferenceNotification | CallNotification) -> tuple[Interaction, Leg] | None:
    """Whom news tells of; None where it is nobody's, or older than what is known of them."""
    if isinstance(news, CallNotification):
        leg_id = db.scalar(select(Leg.id).where(Leg.call_id == news.call).order_by(Leg.id.desc()).limit(1))
    else:
        leg_id = _in_conference(db, news)
    if leg_id is None:
        return None
    interaction = locked(db, db.scalars(select(Leg.interaction_id).where(Leg.id == leg_id)).one())
    leg = db.get_one(Leg, leg_id, populate_existing=True)
    if interaction is None:
        return None
    if isinstance(news, ConferenceNotification) and news.sequence is not None:
        if news.sequence <= leg.sequence:
            return None
        leg.sequence = news.sequence
    if leg.call_id is None and news.call:
        leg.call_id = news.call  # the news overtook the answer to the order
    return interaction, leg


def _in_conference(db: Session, news: ConferenceNotification) -> int | None:
    """The leg by its label, which names it, else by its call."""
    number = news.label.removeprefix("leader").removeprefix("agent")
    if number != news.label and number.isdecimal():
        here = select(Leg.id).join(Interaction, Interaction.id == Leg.interaction_id)
        return db.scalar(here.where(Leg.id == int(number), Interaction.conference == news.name))
    if not news.call:
        return None
    here = select(Leg.id).join(Interaction, Interaction.id == Leg.interaction_id)
    found = here.where(Leg.call_id == news.call, Interaction.conference == news.name)
    return db.scalar(found.order_by(Leg.id.desc()).limit(1))


def _one(db: Session, found: Select[Interaction]) -> Interaction | None:
    row = db.scalar(found.with_for_update().execution_options(populate_existing=True))
    if row is not None:
        note_lock(db, Lock.INTERACTION, str(row.id).encode())
    return row


def move(db: Session, interaction: Interaction, event: str, **values: object) -> None:
    """Take an interaction on by an event, and let the agent's desk and the floor hear of it."""
    states.move(db, interaction, INTERACTION, event, **values)
    presence.tell(db, interaction.agent_id)
