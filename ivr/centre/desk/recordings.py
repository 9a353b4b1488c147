"""What is known of the recording of a talk: begun, paused while a secret is keyed, ready or absent, deleted in time.

The provider's notifications come twice and in any order: a recording only ever goes on.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk import legs, orders
from ivr.centre.desk.models import Interaction, RecordingKept
from ivr.centre.desk.orders import Order
from ivr.telephony.notifications import RecordingNotification

AT_ONCE = 50
AGAIN = timedelta(days=1)  # a deletion that failed is ordered anew
_FAILED = ("gone", "failed")
_STAGES = {"running": 0, "paused": 0, "processing": 1, "ready": 2, "absent": 2, "deleted": 3}


def follow(db: Session, interaction: Interaction, order: Order, outcome: str, now: datetime) -> None:
    """What follows from what the provider did of an order about the recording."""
    if order.kind == "start_recording":
        _started(db, interaction, outcome, now)
        return
    kept = _of(db, str(order.details["recording"]))
    if kept is None:
        return
    if order.kind == "pause_recording" and outcome not in _FAILED:
        _pause(kept, now)
    elif order.kind == "resume_recording" and outcome not in _FAILED:
        _resume(kept, now)
    elif order.kind == "delete_recording" and outcome != "failed":
        _move(kept, "deleted")
    db.flush()


def _started(db: Session, interaction: Interaction, outcome: str, now: datetime) -> None:
    """A recording that could not be begun is absent."""
    is_there = outcome not in _FAILED
    if is_there:
        interaction.recording_id = outcome
    if not is_there or _of(db, outcome) is None:
        _add(db, interaction, outcome if is_there else None, "running" if is_there else "absent", now)
    db.flush()


def note(db: Session, news: RecordingNotification, now: datetime) -> None:
    """Take what the provider tells; it may overtake the answer to the order that began the recording."""
    kept = _of(db, news.recording)
    if kept is None:
        talks = select(Interaction.id).where(Interaction.call_id == news.call, Interaction.talked_at.is_not(None))
        found = db.scalar(talks.order_by(Interaction.id.desc()).limit(1))
        interaction = legs.locked(db, found) if found is not None else None  # the order's outcome holds it as well
        if interaction is None:
            return  # nobody's of ours: a message, or an older release's
        kept = _of(db, news.recording) or _add(db, interaction, news.recording, "running", now)
    if news.status not in ("running", "paused"):
        _move(kept, news.status)
        kept.seconds = news.seconds or kept.seconds
        kept.ended_at = kept.ended_at or now
        _resume(kept, now)
    db.flush()


def expire(db: Session, age: timedelta, now: datetime) -> int:
    """Order what is older than this to be deleted at the provider; returns how many."""
    old = RecordingKept.state.in_(("ready", "processing")), RecordingKept.started_at < now - age
    asked = orders.was_placed("delete_recording", RecordingKept.interaction_id, now - AGAIN)
    due = db.scalars(select(RecordingKept).where(*old, ~asked).order_by(RecordingKept.id).limit(AT_ONCE)).all()
    for kept in due:
        orders.place(db, kept.interaction_id, "delete_recording", now, recording=kept.recording_id)
    return len(due)


def _of(db: Session, recording: str) -> RecordingKept | None:
    return db.scalar(select(RecordingKept).where(RecordingKept.recording_id == recording).with_for_update())


def _add(db: Session, interaction: Interaction, recording: str | None, state: str, now: datetime) -> RecordingKept:
    kept = RecordingKept(
        recording_id=recording, interaction_id=interaction.id, call_id=interaction.call_id, state=state, seconds=0,
        pauses="[]", started_at=now,
    )  # fmt: skip
    db.add(kept)
    db.flush()
    return kept


def _move(kept: RecordingKept, state: str) -> None:
    if _STAGES[state] > _STAGES[kept.state]:
        kept.state = state


def _pause(kept: RecordingKept, now: datetime) -> None:
    if kept.state == "running":
        kept.state = "paused"
        kept.pauses = json.dumps([*json.loads(kept.pauses), [now.isoformat(), None]])


def _resume(kept: RecordingKept, now: datetime) -> None:
    """The pause that lasts is over."""
    pauses = [[begin, end or now.isoformat()] for begin, end in json.loads(kept.pauses)]
    kept.pauses = json.dumps(pauses)
    if kept.state == "paused":
        kept.state = "running"
