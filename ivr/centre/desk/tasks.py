"""The background work of the desk: offers made and ended, orders carried out, no state that lasts too long."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ivr.centre.desk import handover, orders, recordings, thirds, wrap_ups
from ivr.centre.desk.models import Interaction
from ivr.centre.desk.paths import Paths
from ivr.centre.desk.provider_deeds import DEEDS
from ivr.centre.queues import offers, presence
from ivr.centre.queues.distribution import Staffing, distribute
from ivr.centre.queues.models import Agent, Offer
from ivr.db import Database, look, work
from ivr.db.retry import is_retryable
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import IllegalTransition, LostRace
from ivr.platform.jobs.leases import work_off
from ivr.platform.jobs.tasks import Task
from ivr.platform.keyring import carry
from ivr.telephony.provider import Provider

LOG = structlog.get_logger("ivr.centre.desk")
DISTRIBUTE_SECONDS = 0.5
ORDERS_SECONDS = 0.25
SWEEP_SECONDS = 1.0
RECORDINGS_SECONDS = 60.0
AT_ONCE = 50


class TaskContext(Protocol):
    """What the desk needs of a worker."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def provider(self) -> Provider: ...
    @property
    def paths(self) -> Paths: ...
    @property
    def recordings_kept(self) -> timedelta: ...
    def staffing(self) -> Staffing: ...
    def now(self) -> datetime: ...


def _distribute(context: TaskContext) -> None:
    distribute(context.database, context.staffing(), context.now())


def _carry_out(context: TaskContext) -> None:
    follow = partial(_follow, context)
    job = orders.work_of(context.database, context.provider, DEEDS, follow, context.now)
    work_off(context.database, job, context.now, lambda: True)


def _follow(context: TaskContext, db: Session, order: orders.Order, outcome: str, now: datetime) -> None:
    carry(db, context.keyring)
    handover.follow(db, context.paths, order, outcome, now)


def sweep(context: TaskContext) -> None:
    """End offers, interactions, pauses and presences whose time is over, each in a transaction of its own."""
    now = context.now()
    with look(context.database) as db:
        due = list(_due(db, now))
    for act, key in due:
        try:
            with work(context.database, durable=False) as db:
                carry(db, context.keyring)
                act(context, db, key, now)
        except (LostRace, IllegalTransition):
            LOG.info("somebody was quicker than the sweep", of=str(key))
        except DBAPIError as fault:
            if not is_retryable(fault):
                raise
        except Exception:  # one row that cannot be settled holds up no other
            LOG.exception("the sweep could not settle a row", of=str(key))


def _due(db: Session, now: datetime) -> Iterator[tuple["_Act", object]]:
    yield from ((_expire, offer_id) for offer_id in offers.overdue(db, now))
    yield from ((_give_up_third, offer_id) for offer_id in offers.unanswered_lines(db, now))
    lasting = Interaction.state.in_(("connecting", "joining"))
    dropped = ~select(Offer.id).where(Offer.id == Interaction.offer_id, Offer.state == "accepted").exists()
    broken = Interaction.state.in_(("reconnecting", "verifying"))
    late = or_(Interaction.until <= now, broken, lasting & Interaction.offer_id.is_not(None) & dropped)
    stuck = select(Interaction.id).where(Interaction.state != "ended", late).limit(AT_ONCE)
    yield from ((_settle, interaction_id) for interaction_id in db.scalars(stuck))
    yield from ((_time_out, agent_id) for agent_id in wrap_ups.overdue(db, now))
    silent = select(Agent.id).where(
        Agent.state == "ready",
        Agent.since <= now - presence.CALM,
        or_(Agent.proved_at.is_(None), Agent.proved_at < now - presence.SILENT),
    )
    yield from ((_lose, agent_id) for agent_id in db.scalars(silent.limit(AT_ONCE)))


class _Act(Protocol):
    def __call__(self, context: TaskContext, db: Session, key: object, now: datetime) -> None: ...


def _expire(context: TaskContext, db: Session, key: object, now: datetime) -> None:  # noqa: ARG001 - as the others
    offers.expire(db, int(str(key)), now)


def _give_up_third(context: TaskContext, db: Session, key: object, now: datetime) -> None:  # noqa: ARG001 - as the others
    thirds.sweep(db, int(str(key)), now)


def _settle(context: TaskContext, db: Session, key: object, now: datetime) -> None:
    handover.sweep(db, context.paths, int(str(key)), now)


def _time_out(context: TaskContext, db: Session, key: object, now: datetime) -> None:  # noqa: ARG001 - as the others
    wrap_ups.time_out(db, str(key), now)


def _lose(context: TaskContext, db: Session, key: object, now: datetime) -> None:  # noqa: ARG001 - as the others
    agent = presence.locked(db, str(key))
    if (
        agent is not None
        and agent.state == "ready"
        and (agent.proved_at is None or agent.proved_at < now - presence.SILENT)
    ):
        presence.change(db, agent, "lose_desk", "silent_desk", now)


def _expire_recordings(context: TaskContext) -> None:
    with work(context.database) as db:
        recordings.expire(db, context.recordings_kept, context.now())


TASKS: tuple[Task[TaskContext], ...] = (
    Task("distribution", DISTRIBUTE_SECONDS, _distribute),
    Task("provider orders", ORDERS_SECONDS, _carry_out, threads=2),
    Task("recordings", RECORDINGS_SECONDS, _expire_recordings),
    Task("desk sweep", SWEEP_SECONDS, sweep),
)
