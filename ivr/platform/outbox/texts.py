"""Texts into the outbox, and out of it: claimed for a while, sent, and never sent twice when someone dies between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from ivr.db.locks import Lock, advisory_lock
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.platform.outbox.models import OutgoingText

LEASE = timedelta(seconds=30)
BACKOFF_SECONDS = (2, 5, 15, 60, 300, 900, 1800)  # the last one over and over
GIVEN_UP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A text that this worker is to send. `is_repeat`: it was tried before, and may have been taken all the same."""

    id: int
    recipient: str
    body: str
    created_at: datetime
    tries: int
    is_repeat: bool


def post(
    rows: Session,
    keyring: Keyring,
    *,
    key: str,
    recipient: str,
    body: str,
    now: datetime,
    expires_at: datetime | None = None,
    most_a_day: int | None = None,
) -> bool:
    """Let a text leave when this transaction has committed; the same key again changes nothing.

    With `most_a_day` it counts among those that nobody proved to be wanted: False where that many went to this
    number within a day, so that the hotline cannot be made to pester anyone.
    """
    if rows.scalar(select(OutgoingText.id).where(OutgoingText.key == key)) is not None:
        return True
    index = None if most_a_day is None else keyring.blind_index("mobile", recipient)
    if most_a_day is not None and index is not None and _counted(rows, index, now) >= most_a_day:
        return False
    rows.add(
        OutgoingText(
            key=key,
            recipient=keyring.seal_text(f"outgoing_texts.recipient|{key}", recipient),
            recipient_index=index,
            body=keyring.seal_text(f"outgoing_texts.body|{key}", body),
            state="waiting",
            created_at=now,
            next_at=now,
            expires_at=expires_at,
            tries=0,
        )
    )
    return True


def _counted(rows: Session, index: bytes, now: datetime) -> int:
    advisory_lock(rows, Lock.TEXT, index)
    today = (OutgoingText.recipient_index == index, OutgoingText.created_at > now - timedelta(days=1))
    return rows.scalar(select(func.count()).where(*today)) or 0


def claim(rows: Session, keyring: Keyring, now: datetime) -> Claimed | None:
    """Take the oldest text that is due, this worker's alone until the lease ends; those that came too late expire.

    One text at a time: it leaves at once, so that no lease ends, and no code runs out, behind the one before it. One
    that cannot be read (its key is missing) waits for another lease, and keeps no other from leaving.
    """
    given_up = and_(OutgoingText.state == "sending", OutgoingText.next_at <= now)
    rows.execute(
        update(OutgoingText)
        .where(or_(OutgoingText.state == "waiting", given_up), OutgoingText.expires_at <= now)
        .values(state="expired", body=None)
        .execution_options(synchronize_session=False)
    )
    due = select(OutgoingText).where(OutgoingText.state.in_(("waiting", "sending")), OutgoingText.next_at <= now)
    oldest = due.order_by(OutgoingText.id).limit(1).with_for_update(skip_locked=True)
    while (row := rows.scalars(oldest).one_or_none()) is not None:
        claimed = _taken(keyring, row, now)
        rows.flush()
        if claimed is not None:
            return claimed
    return None


def _taken(keyring: Keyring, row: OutgoingText, now: datetime) -> Claimed | None:
    is_repeat = row.tries > 0  # a worker died, or the provider's answer was lost
    row.state, row.next_at, row.tries = "sending", now + LEASE, row.tries + 1
    try:
        recipient = keyring.open_text(f"outgoing_texts.recipient|{row.key}", row.recipient)
        body = keyring.open_text(f"outgoing_texts.body|{row.key}", row.body or b"")
    except ConfigurationError:
        return None  # `stuck` tells of it
    return Claimed(row.id, recipient, body, row.created_at, row.tries, is_repeat)


def sent(rows: Session, text: Claimed, sid: str) -> None:
    """The provider took it; its body is erased."""
    _close(rows, text, state="sent", provider_sid=sid, body=None)


def failed(rows: Session, text: Claimed, now: datetime) -> bool:
    """The provider did not take it: again later, for a day. True where it is given up."""
    if now >= text.created_at + GIVEN_UP:
        return _close(rows, text, state="failed", body=None)
    wait = BACKOFF_SECONDS[min(text.tries, len(BACKOFF_SECONDS)) - 1]
    _close(rows, text, state="waiting", next_at=now + timedelta(seconds=wait))
    return False


def _close(rows: Session, text: Claimed, **values: object) -> bool:
    """Compare-and-set: whoever claimed it later has the last word."""
    mine = (OutgoingText.id == text.id, OutgoingText.state == "sending", OutgoingText.tries == text.tries)
    closed = rows.execute(update(OutgoingText).where(*mine).values(**values))
    return bool(closed.rowcount)  # type: ignore[attr-defined]


def stuck(rows: Session, now: datetime, seconds: int = 60) -> Sequence[int]:
    """Texts that should have left long ago: an alarm."""
    late = now - timedelta(seconds=seconds)
    waits = OutgoingText.state.in_(("waiting", "sending"))
    return list(rows.scalars(select(OutgoingText.id).where(waits, OutgoingText.created_at < late)))
