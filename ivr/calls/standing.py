"""How things stand now, counted in the database: for whoever watches the hotline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from ivr.bank.models import CoreOrder, Reconciliation
from ivr.bank.states import OPEN
from ivr.centre.queues.models import CallbackRow, QueuedCall
from ivr.centre.queues.waiting import HERE
from ivr.platform.outbox.models import OutgoingText, WorkerBeat


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name and meaning, its labels (closed sets, nothing of anyone), its value."""

    name: str
    meaning: str
    labels: Mapping[str, str]
    value: float


def worker_unseen_seconds(connection: Connection, now: datetime) -> float | None:
    """How long ago a worker was seen; None where none ever was."""
    at = connection.scalar(select(WorkerBeat.at))
    return None if at is None else max(0.0, (now - at).total_seconds())


def standing(connection: Connection, queues: tuple[str, ...], now: datetime) -> Iterator[Figure]:
    """Callers waiting by queue, callbacks owed, texts, orders that are open, the worker's life, the books."""
    here = select(QueuedCall.queue, func.count()).where(QueuedCall.state.in_(HERE)).group_by(QueuedCall.queue)
    waiting = {queue: number for queue, number in connection.execute(here)}  # noqa: C416 - a Row is no pair to mypy
    for queue in queues:
        yield Figure("ivr_callers_waiting", "Callers waiting for an agent", {"queue": queue}, waiting.get(queue, 0))
    owed = select(func.count()).where(CallbackRow.state == "requested")
    yield Figure("ivr_callbacks_owed", "Callbacks that nobody has taken on", {}, connection.scalar(owed) or 0)
    states = ("waiting", "sending", "failed")
    by_state = (
        select(OutgoingText.state, func.count()).where(OutgoingText.state.in_(states)).group_by(OutgoingText.state)
    )
    texts = {state: number for state, number in connection.execute(by_state)}  # noqa: C416
    for state in states:
        yield Figure("ivr_texts", "Texts by state", {"state": state}, texts.get(state, 0))
    unseen = worker_unseen_seconds(connection, now)
    if unseen is not None:
        yield Figure("ivr_worker_seen_seconds", "Seconds since a worker was last seen", {}, unseen)
    unsettled = select(func.count()).where(CoreOrder.state.in_(OPEN))
    yield Figure("ivr_core_orders_open", "Instructions whose outcome is open", {}, connection.scalar(unsettled) or 0)
    yield from _books(connection, now)


def _books(connection: Connection, now: datetime) -> Iterator[Figure]:
    """Nothing where the books were never reconciled."""
    row = connection.execute(select(Reconciliation.at, Reconciliation.faults)).one_or_none()
    if row is not None:
        yield Figure("ivr_ledger_faults", "Faults found when the books were last reconciled", {}, row.faults)
        seconds = max(0.0, (now - row.at).total_seconds())
        yield Figure("ivr_ledger_reconciled_seconds", "Seconds since the books were reconciled", {}, seconds)
