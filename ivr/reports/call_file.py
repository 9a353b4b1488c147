"""Everything that is kept of one call: its stays in queues with offers, its talks with legs, sheet and recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.models import Call
from ivr.centre.desk import wrap_ups
from ivr.centre.desk.models import Interaction, Leg, RecordingKept, WrapUp
from ivr.centre.queues.models import AgentChange, Offer, QueuedCall
from ivr.reports.decisions import Why, why

AROUND = timedelta(minutes=2)  # before and after a talk the changes of its agent are shown


@dataclass(frozen=True, slots=True)
class OfferMade:
    """An offer, and why this agent."""

    offer: Offer
    why: Why


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a queue."""

    entry: QueuedCall
    offers: Sequence[OfferMade]


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk with an agent; `notes` are those of its sheet. `changes` are the agent's states around it."""

    interaction: Interaction
    legs: Sequence[Leg]
    sheet: WrapUp | None
    notes: str
    recording: RecordingKept | None
    changes: Sequence[AgentChange]


@dataclass(frozen=True, slots=True)
class CallFile:
    """One call."""

    call: Call
    stays: Sequence[Stay]
    talks: Sequence[Talk]


def call_file(db: Session, call_id: str) -> CallFile | None:
    """What is kept of a call; None for one that is not known. Its unit of work carries the keyring."""
    call = db.get(Call, call_id)
    if call is None:
        return None
    entries = db.scalars(select(QueuedCall).where(QueuedCall.call == call_id).order_by(QueuedCall.id))
    talks = db.scalars(select(Interaction).where(Interaction.call_id == call_id).order_by(Interaction.id))
    return CallFile(call, [_stay(db, each) for each in entries.all()], [_talk(db, each) for each in talks.all()])


def talks_of(db: Session, call_id: str) -> Sequence[Interaction]:
    """The talks of a call, for who may see it."""
    return db.scalars(select(Interaction).where(Interaction.call_id == call_id)).all()


def _stay(db: Session, entry: QueuedCall) -> Stay:
    made = db.scalars(select(Offer).where(Offer.queued_call_id == entry.id).order_by(Offer.id))
    return Stay(entry, [OfferMade(each, why(each.decision)) for each in made])


def _talk(db: Session, interaction: Interaction) -> Talk:
    sheet = db.get(WrapUp, interaction.id)
    legs = db.scalars(select(Leg).where(Leg.interaction_id == interaction.id).order_by(Leg.id)).all()
    kept = select(RecordingKept).where(RecordingKept.interaction_id == interaction.id)
    recording = db.scalar(kept.order_by(RecordingKept.id.desc()).limit(1))
    notes = wrap_ups.notes_of(db, sheet) if sheet is not None else ""
    return Talk(interaction, legs, sheet, notes, recording, _changes(db, interaction, sheet))


def _changes(db: Session, interaction: Interaction, sheet: WrapUp | None) -> Sequence[AgentChange]:
    ends = (sheet.closed_at if sheet is not None else None) or interaction.ended_at or interaction.accepted_at
    around = AgentChange.at.between(interaction.accepted_at - AROUND, ends + AROUND)
    own = select(AgentChange).where(AgentChange.agent_id == interaction.agent_id, around)
    return db.scalars(own.order_by(AgentChange.id)).all()
