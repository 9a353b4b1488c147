"""Stale talks: the provider is asked now and then whether the telephones of a talk are there, as its news may be lost.

Each talk is asked about once in a while, those that were not asked about for longest first; what is over is taken as
if its news had come.
"""

from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import func, select, update

from ivr.calls.journal import Journal
from ivr.calls.queueing import call_over
from ivr.calls.stale_queue_entries import CallProvider
from ivr.centre.desk import handover
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.paths import Paths
from ivr.db import Database, look, work
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ProviderError
from ivr.platform.jobs.tasks import Task
from ivr.platform.keyring import carry
from ivr.telephony.notifications import ConferenceNotification

LOG = structlog.get_logger("ivr.centre.desk")
SWEEP_SECONDS = 20.0
QUIET = timedelta(seconds=60)
AT_ONCE = 50  # requests to the provider in a round, for two telephones each


class TaskContext(Protocol):
    """What the sweep needs of a worker."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def calls(self) -> CallProvider: ...
    @property
    def paths(self) -> Paths: ...
    def now(self) -> datetime: ...


def sweep(means: TaskContext) -> int:
    """End what is over; returns how many telephones of talks were found to be gone."""
    now = means.now()
    gone = 0
    for number in _quiet(means.database, now):
        for leg in _present(means.database, number):
            if leg.call_id is not None and _is_over(means.calls, leg.call_id):
                _settle(means, leg, now)
                gone += 1
    if gone:
        LOG.warning("telephones of talks were gone without a notification", telephones=gone)
    return gone


def _quiet(database: Database, now: datetime) -> list[int]:
    """The talks to ask about; noted as asked, so that the next round asks about others."""
    asked = func.coalesce(Interaction.asked_at, Interaction.accepted_at)
    open_talks = select(Interaction.id).where(Interaction.state != "ended", asked < now - QUIET)
    with look(database) as db:
        found = list(db.scalars(open_talks.order_by(asked, Interaction.id).limit(AT_ONCE)))
    if found:
        with work(database, durable=False) as db:
            db.execute(update(Interaction).where(Interaction.id.in_(found)).values(asked_at=now))
    return found


def _present(database: Database, number: int) -> list[Leg]:
    """The telephones that are said to be in a talk; a customer who keys a password is in the self-service."""
    with look(database) as db:
        there = select(Leg).where(Leg.interaction_id == number, Leg.state.in_(("in", "ordered")))
        found = list(db.scalars(there.order_by(Leg.id)))
        db.expunge_all()
    return found


def _is_over(provider: CallProvider, call: str) -> bool:
    try:
        return provider.is_over(call)
    except ProviderError as fault:
        LOG.warning("asking the provider about a telephone failed", call=call, reason=str(fault))
        return False


def _settle(means: TaskContext, leg: Leg, now: datetime) -> None:
    if leg.role == "customer" and leg.call_id is not None:
        with means.database.turn() as transaction:
            Journal(means.keyring).end(transaction, leg.call_id, now, "hung_up")
            call_over(transaction.connection, leg.call_id, now)
    with work(means.database) as db:
        carry(db, means.keyring)
        if leg.role == "customer":
            handover.customer_gone(db, means.paths, leg.call_id or "", now)
            return
        interaction = db.get_one(Interaction, leg.interaction_id)
        conference = interaction.conference_id or ""
        news = ConferenceNotification(
            conference, interaction.conference, "left", leg.call_id or "", f"{leg.role}{leg.id}"
        )
        handover.note(db, means.paths, news, now)


def _sweep(means: TaskContext) -> None:
    sweep(means)


TASKS: tuple[Task[TaskContext], ...] = (Task("stale talks", SWEEP_SECONDS, _sweep),)
