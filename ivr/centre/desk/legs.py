"""Finding interactions and their legs, each under the lock of its interaction.

The order of locks is: the call's stay in a queue, its interaction, the offer, the agents. A caller's turn holds the
stay before anything else, so whoever locks an interaction locks the stay of its call first.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.states import INTERACTION
from ivr.centre.queues import presence, waiting
from ivr.db import states
from ivr.db.locks import Lock, note_lock
from ivr.telephony.notifications import CallNotification, ConferenceNotification


def locked(db: Session, interaction_id: int) -> Interaction | None:
    """An interaction, its row locked until the transaction ends."""
    return _one(db, Interaction.id == interaction_id)


def open_of_call(db: Session, call_id: str) -> Interaction | None:
    """The interaction that a customer's call is in, locked."""
    return _one(db, Interaction.call_id == call_id, Interaction.state != "ended")


def open_of_agent(db: Session, agent_id: str) -> Interaction | None:
    """The interaction that an agent is in, locked."""
    return _one(db, Interaction.agent_id == agent_id, Interaction.state != "ended")


def of(db: Session, interaction_id: int) -> Sequence[Leg]:
    """The legs of an interaction, the first one first."""
    return list(db.scalars(select(Leg).where(Leg.interaction_id == interaction_id).order_by(Leg.id)))


def calls_of(db: Session, account_id: str) -> Sequence[str]:
    """The newest calls to somebody's line, so that another one is told from them."""
    known = select(Leg.call_id).where(Leg.account_id == account_id, Leg.call_id.is_not(None))
    return [str(each) for each in db.scalars(known.order_by(Leg.id.desc()).limit(20))]


def of_news(db: Session, news: ConferenceNotification | CallNotification) -> tuple[Interaction, Leg] | None:
    """Whom news tells of; None where it is nobody's, or older than what is known of them."""
    leg_id = _newest_of_call(db, news.call) if isinstance(news, CallNotification) else _in_conference(db, news)
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
    here = select(Leg.id).join(Interaction, Interaction.id == Leg.interaction_id)
    if news.call:
        found = here.where(Leg.call_id == news.call, Interaction.conference == news.name)
        if (leg_id := db.scalar(found.order_by(Leg.id.desc()).limit(1))) is not None:
            return leg_id
    number = news.label.removeprefix("leader").removeprefix("agent")
    if number != news.label and number.isdecimal():
        return db.scalar(here.where(Leg.id == int(number), Interaction.conference == news.name))
    return None


def _newest_of_call(db: Session, call: str) -> int | None:
    """After a transfer a line has a leg in each interaction: it is in the newest one."""
    return db.scalar(select(Leg.id).where(Leg.call_id == call).order_by(Leg.id.desc()).limit(1))


def _one(db: Session, *which: ColumnElement[bool]) -> Interaction | None:
    """None also where it became another's while its call was waited for."""
    found = db.execute(select(Interaction.id, Interaction.call_id).where(*which).limit(1)).one_or_none()
    if found is None:
        return None
    waiting.latest(db, found.call_id)
    note_lock(db, Lock.INTERACTION, str(found.id).encode())
    locked = select(Interaction).where(Interaction.id == found.id, *which).with_for_update()
    return db.scalar(locked.execution_options(populate_existing=True))


def move(db: Session, interaction: Interaction, event: str, **values: object) -> None:
    """Take an interaction on by an event, and let the agent's desk and the floor hear of it."""
    states.move(db, interaction, INTERACTION, event, **values)
    presence.tell(db, interaction.agent_id)
