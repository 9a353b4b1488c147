"""Join a queue, wait in it, leave it; every transition is a compare-and-set on the row's state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from ivr.centre.queues import closing, offers
from ivr.centre.queues.estimates import Band, band, expected_wait_seconds, to_tell_seconds
from ivr.centre.queues.matching import rank_at
from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.states import QUEUED_CALL
from ivr.db import states
from ivr.db.locks import Lock, advisory_lock
from ivr.db.states import after
from ivr.platform import live

HERE = ("waiting", "leaving")


class QueueRules(Protocol):
    """What a queue is ruled by: its size, maximum wait, and priority."""

    @property
    def max_waiting(self) -> int: ...
    @property
    def max_wait_minutes(self) -> int: ...
    @property
    def priority(self) -> int: ...


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """A queue position: callers ahead, the wait to announce, rounds heard, and whether the maximum wait is over.

    `is_news`: another wait than the caller was told before; true in the first round.
    """

    ahead: int
    wait: Band
    is_news: bool
    rounds: int
    language: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a queue is served: by how many, counted by their share (`agents`), with so many seconds a call."""

    staff: int
    agents: float
    handling_seconds: float


@dataclass(frozen=True, slots=True)
class Caller:
    """The facts about a caller in a queue. `level` is none, query or transaction."""

    call: str
    language: str
    level: str
    intent: str
    path: Sequence[str]
    customer_id: str | None
    preferred: str | None = None
    failed_step: str = ""
    proven_until: datetime | None = None


def join(
    db: Session, queue: str, rules: QueueRules, staff: int, caller: Caller, now: datetime
) -> Literal["joined", "closed", "full"]:
    """Put a caller into a queue; closed where no `staff` serves it or a leader closed it, full at its size.

    Joining twice is once. A caller who returns from the callback offer keeps the position.
    """
    entry = latest(db, caller.call)
    if entry is not None and entry.state == "leaving":
        move(db, entry, "return", now)
        return "joined"
    if entry is not None and entry.state == "waiting" and entry.queue == queue:
        return "joined"
    if staff == 0 or closing.closure_of(db, queue, now) is not None:
        return "closed"
    advisory_lock(db, Lock.QUEUE, queue)
    waiting = select(func.count()).where(QueuedCall.queue == queue, QueuedCall.state.in_(HERE))
    if (db.scalar(waiting) or 0) >= rules.max_waiting:
        return "full"
    db.add(
        QueuedCall(
            call=caller.call,
            queue=queue,
            state="waiting",
            priority=rules.priority,
            language=caller.language,
            level=caller.level,
            intent=caller.intent,
            path=" ".join(caller.path),
            customer_id=caller.customer_id,
            failed_step=caller.failed_step,
            proven_until=caller.proven_until,
            entered_at=now,
            rank_at=_moment(rank_at(now.timestamp(), rules.priority)),
            preferred=caller.preferred,
            seen_at=now,
            rounds=0,
        )
    )
    db.flush()
    live.changed(db, "queues", at_once=False)
    return "joined"


def rejoin(db: Session, entry: QueuedCall, queue: str, now: datetime, preferred: str | None = None) -> QueuedCall:
    """Another stay of a caller whose talk broke off or is passed on: at the place of their first wait, the front.

    No size or opening hour holds: the bank owes them the rest.
    """
    first = db.scalar(select(QueuedCall).where(QueuedCall.call == entry.call).order_by(QueuedCall.id).limit(1)) or entry
    again = QueuedCall(
        call=entry.call, queue=queue, state="waiting", priority=entry.priority, language=entry.language,
        level=entry.level, intent=entry.intent, path=entry.path, customer_id=entry.customer_id,
        failed_step=entry.failed_step, proven_until=entry.proven_until, entered_at=now, rank_at=first.rank_at,
        preferred=preferred, seen_at=now, rounds=0, turn=entry.turn,
    )  # fmt: skip
    db.add(again)
    db.flush()
    live.changed(db, "queues")
    return again


def latest(db: Session, call: str) -> QueuedCall | None:
    """The caller's newest queue entry, in any state; its row stays locked until the transaction ends."""
    newest = select(QueuedCall).where(QueuedCall.call == call).order_by(QueuedCall.id.desc()).limit(1)
    return db.scalar(newest.with_for_update().execution_options(populate_existing=True))


def newest(db: Session, call: str) -> QueuedCall | None:
    """The caller's last stay in a queue, only to be read."""
    return db.scalar(select(QueuedCall).where(QueuedCall.call == call).order_by(QueuedCall.id.desc()).limit(1))


def position(db: Session, entry: QueuedCall, rules: QueueRules, pace: Pace, now: datetime) -> QueuePosition:
    """The position in this round; the announced wait is stored, so that it rises only when the staff changed."""
    before = or_(
        QueuedCall.rank_at < entry.rank_at,
        and_(QueuedCall.rank_at == entry.rank_at, QueuedCall.id < entry.id),
    )
    line = select(func.count()).where(QueuedCall.queue == entry.queue, QueuedCall.state.in_(HERE), before)
    ahead = db.scalar(line) or 0
    expected = expected_wait_seconds(ahead, pace.agents, pace.handling_seconds)
    tell = to_tell_seconds(expected, entry.told_seconds, staff_changed=entry.told_staff != pace.staff)
    wait = band(tell)
    is_news = entry.told_seconds is None or wait != band(entry.told_seconds)
    if entry.told_at is None:
        entry.told_low, entry.told_high, entry.told_at = 60 * wait.low, 60 * wait.high, now
    entry.told_seconds, entry.told_staff = tell, pace.staff
    entry.rounds += 1
    patience = timedelta(minutes=rules.max_wait_minutes)
    overdue = now - entry.entered_at >= patience and offers.live_of_call(db, entry.id) is None  # an agent is coming
    return QueuePosition(ahead, wait, is_news, entry.rounds, entry.language, overdue)


def booked(db: Session, call: str, now: datetime) -> None:
    """A callback was booked: the caller's queue entry ends as "callback", not as abandoned."""
    entry = latest(db, call)
    if entry is not None and can(entry, "book"):
        move(db, entry, "book", now)


def quiet(db: Session, before: datetime, at_most: int) -> list[tuple[str, str | None]]:
    """Stale entries: calls whose wait loop sent no request since `before`, with the provider's queue id."""
    unheard = select(QueuedCall.call, QueuedCall.queue_sid).where(
        QueuedCall.state.in_(HERE), QueuedCall.seen_at < before
    )
    found = db.execute(unheard.order_by(QueuedCall.seen_at, QueuedCall.id).limit(at_most))
    return [(call, queue_sid) for call, queue_sid in found]


def can(entry: QueuedCall, event: str) -> bool:
    """Whether the event is legal in the entry's state."""
    return (entry.state, event) in QUEUED_CALL


def move(db: Session, entry: QueuedCall, event: str, now: datetime) -> None:
    """Apply an event to the entry; raises `IllegalTransition`, `LostRace`."""
    is_here = after(QUEUED_CALL, entry.state, event) in HERE
    states.move(db, entry, QUEUED_CALL, event, left_at=None if is_here else now)
    live.changed(db, "queues", at_once=False)
    if event == "answer":  # who accepted it talks now
        offers.withdraw(db, entry.id, event, now, ("ringing",))
    elif not is_here:
        offers.withdraw(db, entry.id, event, now)


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
