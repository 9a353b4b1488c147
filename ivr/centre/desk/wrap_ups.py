"""Wrap-up: category, product, disposition and notes, saved as they are typed, and one clock for an agent's pause.

The pause belongs to the agent, not to the queue: it ends when they submit, or once at its time, never before. What
nobody wrote up is closed as timed out, and comes back to the agent as a task.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.desk.states import WRAP_UP
from ivr.centre.queues import presence
from ivr.centre.queues.models import Agent
from ivr.db import states
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record
from ivr.platform.keyring import keyring_of

PAUSE = timedelta(seconds=60)  # where config.yaml's is not at hand
LONGER = timedelta(seconds=60)  # what one extension adds
MOST_NOTES = 4000  # characters
FIELDS = ("category", "product", "disposition")


def open_for(db: Session, interaction: Interaction) -> WrapUp:
    """The sheet of a new interaction: it can be written during the talk."""
    sheet = WrapUp(interaction_id=interaction.id, agent_id=interaction.agent_id, state="open")
    db.add(sheet)
    db.flush()
    return sheet


def copy_notes(db: Session, before: Interaction, made: Interaction) -> None:
    """What the agent before noted goes along with the customer."""
    old, new = db.get(WrapUp, before.id), db.get(WrapUp, made.id)
    if old is not None and new is not None and old.notes is not None:
        new.notes = keyring_of(db).seal_text(f"wrap_ups.notes|{made.id}", notes_of(db, old))
        db.flush()


def drop(db: Session, interaction: Interaction) -> None:
    """No talk came about: there is nothing to write up."""
    sheet = db.get(WrapUp, interaction.id)
    if sheet is not None and sheet.state == "open":
        db.delete(sheet)
        db.flush()


def begin(db: Session, interaction: Interaction, pause: timedelta, now: datetime) -> None:
    """The talk is over: the agent has their pause to write it up."""
    agent = presence.locked(db, interaction.agent_id)
    sheet = db.get(WrapUp, interaction.id)
    until = now + pause
    if sheet is not None and sheet.state == "open":
        sheet.until = until
    if agent is not None and agent.state in ("talking", "on_hold"):
        presence.change(db, agent, "end_call", "call_ended", now, wrap_up_until=until)
    db.flush()


def save(db: Session, sheet: WrapUp, fields: Mapping[str, str], now: datetime) -> None:
    """Keep what was typed so far; a field that is not given stays as it is. Raises `Refused`: too_long."""
    if len(fields.get("notes", "")) > MOST_NOTES:
        raise Refused("too_long", "notes")
    for name in FIELDS:
        setattr(sheet, name, fields.get(name, getattr(sheet, name)))
    if "notes" in fields:
        sheet.notes = keyring_of(db).seal_text(f"wrap_ups.notes|{sheet.interaction_id}", fields["notes"])
    sheet.saved_at = now
    db.flush()


def notes_of(db: Session, sheet: WrapUp) -> str:
    """What was noted."""
    return (
        "" if sheet.notes is None else keyring_of(db).open_text(f"wrap_ups.notes|{sheet.interaction_id}", sheet.notes)
    )


def submit(db: Session, actor: Actor, sheet: WrapUp, after: str, reason: str, now: datetime) -> None:
    """The agent has written it up, and is ready, or not ready for a reason, from now on.

    Raises `Refused`: required, with the field that is missing; and not_now while the talk goes on.
    """
    missing = next((name for name in FIELDS if not getattr(sheet, name)), None)
    if missing is not None:
        raise Refused("required", missing)
    interaction = db.get_one(Interaction, sheet.interaction_id)
    if interaction.state != "ended":
        raise Refused("still_talking", "category")
    agent = presence.locked(db, sheet.agent_id)  # before the sheet, as at the end of the pause
    states.move(db, sheet, WRAP_UP, "submit", closed_at=now)
    if agent is not None and agent.state == "wrap_up":
        agent.wish, agent.wish_reason = agent.wish or after, agent.wish_reason or reason
        presence.free(db, agent, str(actor), now)
    record(db, actor, "wrap_up_submitted", interaction.call_id, now, interaction=interaction.id)


def lengthen(db: Session, agent_id: str, now: datetime) -> None:
    """A minute more for the pause that runs. Raises `Refused`: not_now."""
    agent = presence.locked(db, agent_id)
    if agent is None or agent.state != "wrap_up" or agent.wrap_up_until is None:
        raise Refused("not_now", "category")
    agent.wrap_up_until = max(agent.wrap_up_until, now) + LONGER
    for sheet in db.scalars(select(WrapUp).where(WrapUp.agent_id == agent_id, WrapUp.state == "open")):
        sheet.until = agent.wrap_up_until
    db.flush()


def unwritten(db: Session, agent_id: str) -> Sequence[int]:
    """The interactions of an agent that nobody wrote up in time."""
    mine = select(WrapUp.interaction_id).where(WrapUp.agent_id == agent_id, WrapUp.state == "timed_out")
    return list(db.scalars(mine.order_by(WrapUp.closed_at)))


def overdue(db: Session, now: datetime) -> Sequence[str]:
    """The agents whose pause is over."""
    return list(db.scalars(select(Agent.id).where(Agent.state == "wrap_up", Agent.wrap_up_until <= now)))


def time_out(db: Session, agent_id: str, now: datetime) -> None:
    """The pause is over: the sheet comes back as a task, and the agent is as they wished, else ready."""
    agent = presence.locked(db, agent_id)
    if agent is None or agent.state != "wrap_up" or agent.wrap_up_until is None or agent.wrap_up_until > now:
        return
    for sheet in db.scalars(
        select(WrapUp).where(WrapUp.agent_id == agent_id, WrapUp.state == "open").with_for_update()
    ):
        states.move(db, sheet, WRAP_UP, "time_out", closed_at=now)
    presence.free(db, agent, "wrap_up_over", now)
