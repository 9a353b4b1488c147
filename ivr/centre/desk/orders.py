"""What is asked of the telephone provider: written down in the deed's transaction, and carried out after its commit."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from ivr.centre.desk.models import Interaction, ProviderOrder
from ivr.db import Database, work
from ivr.foundation.errors import ProviderError
from ivr.platform.jobs.leases import Work
from ivr.telephony.provider import Provider

LOG = structlog.get_logger("ivr.centre.desk")
LEASE = timedelta(seconds=20)  # longer than two requests to the provider may take
MOST_TRIES = 5
MOST_TRIES_TO_FREE = 30  # somebody would be left alone on the line
FREEING = frozenset({"hang_up", "end_conference", "redirect", "send_back"})
AGAIN, AGAIN_AT_MOST = timedelta(seconds=1), timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is carried out.

    `is_repeat`: it may have been done already. `is_late`: its interaction is over meanwhile.
    """

    id: int
    interaction_id: int
    kind: str
    details: Mapping[str, Any]
    created_at: datetime
    tries: int
    is_late: bool = False

    @property
    def is_repeat(self) -> bool:
        return self.tries > 1


Deed = Callable[[Provider, Order], str]
"""Carries out one kind of order; returns what came of it. Raises `ProviderError`."""
Follow = Callable[[Session, Order, str, datetime], None]
"""Writes what follows from an order's outcome, in the transaction that closes it."""


def place(db: Session, interaction_id: int, kind: str, now: datetime, **details: object) -> None:
    """Ask something of the provider, once this transaction is committed."""
    text = json.dumps(details, separators=(",", ":"))
    db.add(
        ProviderOrder(
            interaction_id=interaction_id, kind=kind, details=text, state="waiting", created_at=now, due_at=now, tries=0
        )
    )
    db.flush()


def was_placed(
    kind: str, interaction_id: ColumnElement[int] | InstrumentedAttribute[int], since: datetime
) -> ColumnElement[bool]:
    """Whether such an order was placed for an interaction since then; a condition for a SELECT."""
    same = ProviderOrder.interaction_id == interaction_id, ProviderOrder.kind == kind
    return select(ProviderOrder.id).where(*same, ProviderOrder.created_at > since).exists()


def work_of(
    database: Database, provider: Provider, deeds: Mapping[str, Deed], follow: Follow, clock: Callable[[], datetime]
) -> Work[ProviderOrder, Order]:
    """The work rows of orders, one at a time of each interaction."""

    def act(order: Order) -> None:
        _carry_out(database, provider, deeds, follow, clock, order)

    return Work(_due, LEASE, _taken, act, durable=False)


def _due(now: datetime) -> Select[ProviderOrder]:
    before = aliased(ProviderOrder)
    waits = before.interaction_id == ProviderOrder.interaction_id, before.state == "waiting"
    earlier = select(before.id).where(*waits, before.id < ProviderOrder.id)
    due = ProviderOrder.state == "waiting", ProviderOrder.is_due(now), ~earlier.exists()
    return select(ProviderOrder).where(*due).order_by(ProviderOrder.id)


def _taken(db: Session, row: ProviderOrder, _now: datetime) -> Order:
    ended = db.scalar(select(Interaction.state).where(Interaction.id == row.interaction_id)) == "ended"
    details = json.loads(row.details)
    return Order(row.id, row.interaction_id, row.kind, details, row.created_at, row.tries, is_late=ended)


def _carry_out(
    database: Database,
    provider: Provider,
    deeds: Mapping[str, Deed],
    follow: Follow,
    clock: Callable[[], datetime],
    order: Order,
) -> None:
    try:
        state, outcome = "done", deeds[order.kind](provider, order)
    except ProviderError as error:
        most = MOST_TRIES_TO_FREE if order.kind in FREEING else MOST_TRIES
        is_final = error.kind == "refused" or order.tries >= most
        state, outcome = "failed" if is_final else "waiting", str(error)[:200]
        LOG.warning(
            "the provider did not do what was asked",
            kind=order.kind,
            order=order.id,
            reason=outcome,
            again=not is_final,
        )
    with work(database) as db:
        now = clock()
        mine = ProviderOrder.id == order.id, ProviderOrder.tries == order.tries, ProviderOrder.state == "waiting"
        row = db.scalar(select(ProviderOrder).where(*mine).with_for_update())
        if row is None:
            return  # another worker took it meanwhile and has the last word
        row.state, row.outcome, row.lease_until = state, outcome, None
        pause = min(AGAIN * order.tries, AGAIN_AT_MOST)
        row.due_at, row.done_at = (now + pause, None) if state == "waiting" else (row.due_at, now)
        db.flush()
        if state != "waiting":
            follow(db, order, outcome if state == "done" else "failed", now)
