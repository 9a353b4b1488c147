"""Promises to call back: a valid number, the problem, and consent with its time; nothing else is stored."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.crypto import Keyring
from ivr.phone import callback_number
from ivr.queues.models import CallbackRow


def book(
    rows: Session,
    keyring: Keyring,
    *,
    call: str,
    number: str,
    queue: str,
    problem: str,
    language: str,
    customer: str | None,
    consented_at: datetime,
) -> bool:
    """Store a callback once for each call; False when the bank does not call such a number or no problem is named."""
    e164 = callback_number(number)
    if e164 is None or not problem.strip():
        return False
    if rows.scalar(select(CallbackRow.id).where(CallbackRow.call == call)) is not None:
        return True
    rows.add(
        CallbackRow(
            call=call,
            queue=queue,
            state="requested",
            number=keyring.seal_text(f"callbacks.number|{call}", e164),
            number_index=keyring.blind_index("mobile", e164),
            problem=problem,
            language=language,
            customer=customer,
            consented_at=consented_at,
            created_at=consented_at,
        )
    )
    rows.flush()
    return True
