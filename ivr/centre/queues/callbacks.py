"""Callbacks: each is stored with a valid number, the problem, and the time of the caller's consent."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.queues.models import CallbackRow
from ivr.db.locks import Lock, advisory_lock
from ivr.foundation.crypto import Keyring
from ivr.foundation.phone import callback_number

OPEN = ("requested", "assigned")


def book(
    db: Session,
    keyring: Keyring,
    *,
    call: str,
    number: str,
    queue: str,
    problem: str,
    language: str,
    customer_id: str | None,
    consented_at: datetime,
    recording: str | None = None,
) -> Literal["booked", "already", "invalid"]:
    """Store one callback per call; a number with an open one gets "already".

    `recording` is the provider's id of a message that the caller left; an open callback without one gets it.
    "invalid" when the bank does not call such a number, or the problem is empty.
    """
    e164 = callback_number(number)
    if e164 is None or not problem.strip():
        return "invalid"
    index = keyring.blind_index("mobile", e164)
    advisory_lock(db, Lock.CALLBACK, index)
    if db.scalar(select(CallbackRow.id).where(CallbackRow.call == call)) is not None:
        return "booked"
    if _is_owed(db, keyring, index, recording):
        return "already"
    db.add(
        CallbackRow(
            call=call, queue=queue, state="requested", problem=problem, language=language, customer_id=customer_id,
            number=keyring.seal_text(f"callbacks.number|{call}", e164), number_index=index,
            recording=_sealed(keyring, call, recording), consented_at=consented_at, created_at=consented_at,
        )
    )  # fmt: skip
    db.flush()
    return "booked"


def _is_owed(db: Session, keyring: Keyring, index: bytes, recording: str | None) -> bool:
    """Whether a number is owed a call already, which then gets the message where it has none."""
    owed = select(CallbackRow).where(CallbackRow.number_index == index, CallbackRow.state.in_(OPEN))
    known = db.scalar(owed.limit(1))
    if known is not None and known.recording is None:
        known.recording = _sealed(keyring, known.call, recording)
    return known is not None


def _sealed(keyring: Keyring, call: str, recording: str | None) -> bytes | None:
    """The id of a message, sealed for its callback: the id suffices to listen to the message."""
    return keyring.seal_text(f"callbacks.recording|{call}", recording) if recording else None
