"""The outbox of texts: posted in a transaction, leased by a worker, sent, and not sent twice after a crash."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from ivr.db.locks import Lock, advisory_lock
from ivr.db.states import move
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.platform.jobs.gauges import GaugeCollector, GaugeValue, Scrape
from ivr.platform.jobs.leases import Work
from ivr.platform.jobs.retention import TRACES, DeleteAfter, Retention
from ivr.platform.outbox.models import OutgoingText
from ivr.platform.outbox.states import TRANSITIONS, TextEvent, TextState

LEASE = timedelta(seconds=30)
BACKOFF_SECONDS = (2, 5, 15, 60, 300, 900, 1800)  # the last one repeats
GIVEN_UP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A text leased by this worker. `is_repeat`: it was tried before and may have been accepted."""

    id: int
    recipient: str
    body: str
    created_at: datetime
    tries: int
    is_repeat: bool


def post(
    db: Session,
    keyring: Keyring,
    *,
    key: str,
    recipient: str,
    body: str,
    now: datetime,
    expires_at: datetime | None = None,
    most_a_day: int | None = None,
) -> bool:
    """Add a text, to be sent after this transaction commits. Idempotent by key.

    With `most_a_day` it is subject to a daily limit per number: False when the limit is reached, so that the hotline
    cannot be used to harass a number.
    """
    if db.scalar(select(OutgoingText.id).where(OutgoingText.key == key)) is not None:
        return True
    index = None if most_a_day is None else keyring.blind_index("mobile", recipient)
    if most_a_day is not None and index is not None and _counted(db, index, now) >= most_a_day:
        return False
    db.add(
        OutgoingText(
            key=key,
            recipient=keyring.seal_text(f"outgoing_texts.recipient|{key}", recipient),
            recipient_index=index,
            body=keyring.seal_text(f"outgoing_texts.body|{key}", body),
            state="waiting",
            created_at=now,
            due_at=now,
            expires_at=expires_at,
            tries=0,
        )
    )
    return True


def _counted(db: Session, index: bytes, now: datetime) -> int:
    advisory_lock(db, Lock.TEXT, index)
    today = (OutgoingText.recipient_index == index, OutgoingText.created_at > now - timedelta(days=1))
    return db.scalar(select(func.count()).where(*today)) or 0


def sending(keyring: Keyring, act: Callable[[Claimed], object]) -> Work[OutgoingText, Claimed]:
    """Due texts as leased work, the oldest first; texts past `expires_at` expire.

    A text that cannot be decrypted (its key is missing) is skipped until its lease ends, and blocks no other.
    """

    def take(db: Session, row: OutgoingText, now: datetime) -> Claimed | None:  # noqa: ARG001 - a lease has one kind of taker
        move(db, row, TRANSITIONS, "claim")
        try:
            recipient = keyring.open_text(f"outgoing_texts.recipient|{row.key}", row.recipient)
            body = keyring.open_text(f"outgoing_texts.body|{row.key}", row.body or b"")
        except ConfigurationError:
            return None  # reported by `stuck`
        # tried before: a worker crashed, or the provider's answer was lost
        return Claimed(row.id, recipient, body, row.created_at, row.tries, is_repeat=row.tries > 1)

    return Work(_due, LEASE, take, act, tidy=_expire, durable=False)


def _due(now: datetime) -> Select[OutgoingText]:
    due = OutgoingText.state.in_(("waiting", "sending")), OutgoingText.is_due(now)
    return select(OutgoingText).where(*due).order_by(OutgoingText.id)


def _expire(db: Session, now: datetime) -> None:
    """Expire texts past `expires_at` and erase their bodies; leased texts are left to their worker."""
    given_up = and_(OutgoingText.state == "sending", OutgoingText.is_free(now))
    db.execute(
        update(OutgoingText)
        .where(or_(OutgoingText.state == "waiting", given_up), OutgoingText.expires_at <= now)
        .values(state="expired", body=None)
        .execution_options(synchronize_session=False)
    )


def sent(db: Session, text: Claimed, sid: str) -> None:
    """The provider accepted it; erase its body."""
    _close(db, text, "taken", provider_sid=sid, body=None)


def failed(db: Session, text: Claimed, now: datetime) -> bool:
    """The provider did not accept it: retry later, for a day. True when it is given up."""
    if now >= text.created_at + GIVEN_UP:
        return _close(db, text, "give_up", body=None)
    wait = BACKOFF_SECONDS[min(text.tries, len(BACKOFF_SECONDS)) - 1]
    _close(db, text, "put_back", due_at=now + timedelta(seconds=wait))
    return False


def _close(db: Session, text: Claimed, event: TextEvent, **changes: object) -> bool:
    """Store the outcome; False when another worker has leased it meanwhile."""
    mine = (OutgoingText.id == text.id, OutgoingText.state == "sending", OutgoingText.tries == text.tries)
    row = db.scalars(select(OutgoingText).where(*mine).with_for_update()).one_or_none()
    if row is None:
        return False
    move(db, row, TRANSITIONS, event, lease_until=None, **changes)
    return True


def stuck(db: Session, now: datetime, seconds: int = 60) -> Sequence[int]:
    """The ids of texts that are overdue by `seconds`."""
    late = now - timedelta(seconds=seconds)
    waits = OutgoingText.state.in_(("waiting", "sending"))
    return list(db.scalars(select(OutgoingText.id).where(waits, OutgoingText.created_at < late)))


def _gauge_values(scrape: Scrape) -> Iterator[GaugeValue]:
    states: tuple[TextState, ...] = ("waiting", "sending", "failed")
    counted = select(OutgoingText.state, func.count()).where(OutgoingText.state.in_(states))
    by_state = scrape.connection.execute(counted.group_by(OutgoingText.state))
    found = {state: number for state, number in by_state}  # noqa: C416 - a Row is no pair to mypy
    for state in states:
        yield GaugeValue("ivr_texts", "Texts by state", {"state": state}, found.get(state, 0))


GAUGES: tuple[GaugeCollector, ...] = (_gauge_values,)
RETENTION: tuple[Retention, ...] = (
    DeleteAfter(
        TRACES, OutgoingText.id, OutgoingText.created_at, OutgoingText.state.in_(("sent", "expired", "failed"))
    ),
)
