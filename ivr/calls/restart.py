"""After a restart of the embedded exchange: what an earlier run left open is over, for its telephones are gone."""

from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.calls.journal import OVER
from ivr.calls.models import Call
from ivr.centre.desk import handover, legs
from ivr.centre.desk.models import Interaction, Leg, ProviderOrder
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import offers, presence, waiting
from ivr.centre.queues.models import Agent, Offer, QueuedCall
from ivr.db import Database, work
from ivr.foundation.crypto import Keyring
from ivr.platform.keyring import carry

LOG = structlog.get_logger("ivr.calls")
RULE = "restart"  # who ended it, in the journals


def end_earlier_calls(database: Database, keyring: Keyring, paths: Paths, now: datetime) -> int:
    """End calls, stays in queues, offers, talks and orders of an earlier run; returns how many calls.

    Only for a provider that forgets its calls when it ends. Nobody may be served meanwhile. Talks come back to their
    agents to be written up; whoever was ready or rung is not ready, and says so again themselves.
    """
    with work(database) as db:
        carry(db, keyring)
        _end_talks(db, paths, now)
        for call in db.scalars(select(QueuedCall.call).where(QueuedCall.state.in_(waiting.HERE))).all():
            entry = waiting.latest(db, call)
            if entry is not None and entry.state in waiting.HERE:
                waiting.move(db, entry, "fail", now)
        for stay in db.scalars(select(Offer.queued_call_id).where(Offer.state.in_(offers.LIVE))).all():
            offers.withdraw(db, stay, RULE, now)
        _rest_agents(db, now)
        waits = ProviderOrder.state == "waiting"
        db.execute(update(ProviderOrder).where(waits).values(state="failed", outcome=RULE, done_at=now))
        opened = update(Call).where(Call.ended_at.is_(None)).values(ended_at=now, ending=RULE, state=OVER)
        ended = db.connection().execute(opened).rowcount
    if ended:
        LOG.warning("calls of an earlier run were ended", calls=ended)
    return ended


def _end_talks(db: Session, paths: Paths, now: datetime) -> None:
    for number in db.scalars(select(Interaction.id).where(Interaction.state != "ended")).all():
        interaction = legs.locked(db, number)
        if interaction is not None:
            handover.end(db, paths, interaction, RULE, now)
    there = Leg.state.in_(("ordered", "ringing", "in"))
    db.execute(update(Leg).where(there).values(state="left", left_at=now))


def _rest_agents(db: Session, now: datetime) -> None:
    """Their lines are gone too: they are offered nobody until they are there again."""
    for agent_id in db.scalars(select(Agent.id).where(Agent.state.in_(("ready", "wrap_up")))).all():
        agent = presence.locked(db, agent_id)
        if agent is not None and agent.state == "ready":
            presence.change(db, agent, "make_not_ready", RULE, now)
        elif agent is not None:
            agent.wish = agent.wish or "not_ready"
    db.flush()
