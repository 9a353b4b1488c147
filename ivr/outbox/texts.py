"""Texts into the outbox, and out of it: claimed for a while, sent, and never sent twice when someone dies between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from ivr.crypto import Keyring
from ivr.errors import ConfigurationError
from ivr.outbox.models import OutgoingText

LEASE = timedelta(seconds=30)
BACKOFF_SECONDS = (2, 5, 15, 60, 300, 900)
CLAIMED_AT_ONCE = 20


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
) -> None:
    """Let a text leave when this transaction has committed; the same key again changes nothing."""
    if rows.scalar(select(OutgoingText.id).where(OutgoingText.key == key)) is not None:
        return
    rows.add(
        OutgoingText(
            key=key,
            recipient=keyring.seal_text(f"outgoing_texts.recipient|{key}", recipient),
            body=keyring.seal_text(f"outgoing_texts.body|{key}", body),
            state="waiting",
            created_at=now,
            next_at=now,
            expires_at=expires_at,
            tries=0,
        )
    )


def claim(rows: Session, keyring: Keyring, now: datetime) -> list[Claimed]:
    """Take texts that are due, this worker's alone until the lease ends; those that came too late expire.

    One that cannot be read (its key is missing) waits for another lease, and keeps no other from leaving.
    """
    given_up = and_(OutgoingText.state == "sending", OutgoingText.next_at <= now)
    rows.execute(
        update(OutgoingText)
        .where(or_(OutgoingText.state == "waiting", given_up), OutgoingText.expires_at <= now)
        .values(state="expired", body=None)
        .execution_options(synchronize_session=False)
    )
    due = or_(OutgoingText.state == "waiting", OutgoingText.state == "sending")
    found = rows.scalars(
        select(OutgoingText)
        .where(due, OutgoingText.next_at <= now)
        .order_by(OutgoingText.id)
        .limit(CLAIMED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return [claimed for row in found if (claimed := _taken(keyring, row, now)) is not None]


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


def failed(rows: Session, text: Claimed, now: datetime) -> None:
    """The provider did not take it: again later, and in the end not at all."""
    if text.tries > len(BACKOFF_SECONDS):
        _close(rows, text, state="failed", body=None)
        return
    _close(rows, text, state="waiting", next_at=now + timedelta(seconds=BACKOFF_SECONDS[text.tries - 1]))


def _close(rows: Session, text: Claimed, **values: object) -> None:
    """Compare-and-set: whoever claimed it later has the last word."""
    mine = (OutgoingText.id == text.id, OutgoingText.state == "sending", OutgoingText.tries == text.tries)
    rows.execute(update(OutgoingText).where(*mine).values(**values))


def stuck(rows: Session, now: datetime, seconds: int = 60) -> Sequence[int]:
    """Texts that should have left long ago: an alarm."""
    late = now - timedelta(seconds=seconds)
    waits = OutgoingText.state.in_(("waiting", "sending"))
    return list(rows.scalars(select(OutgoingText.id).where(waits, OutgoingText.created_at < late)))
