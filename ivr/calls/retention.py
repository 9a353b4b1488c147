"""Retention: erase sessions, numbers and answers of calls a day after they ended; trails are kept."""

from datetime import datetime, timedelta

from sqlalchemy import and_, not_, or_, select, update

from ivr.calls.models import Call, TurnRecord
from ivr.centre.queues.models import QueuedCall
from ivr.db import Database
from ivr.platform.jobs.retention import AT_ONCE, Retention, in_batches

KEPT = timedelta(hours=24)


@in_batches
def erase(database: Database, now: datetime) -> int:
    """Erase sessions, numbers and answers of calls that ended a day ago; returns the number of calls."""
    with database.begin(durable=False) as connection:
        # a call whose end was never reported counts as over too: no call lasts a day
        over = or_(Call.ended_at < now - KEPT, Call.started_at < now - 2 * KEPT)
        kept = and_(not_(Call.erased), Call.started_at < now - KEPT)  # uses the index ix_calls_kept
        calls = list(connection.scalars(select(Call.call).where(kept, over).order_by(Call.started_at).limit(AT_ONCE)))
        if calls:
            connection.execute(update(TurnRecord).where(TurnRecord.call.in_(calls)).values(answer=None))
            connection.execute(update(QueuedCall).where(QueuedCall.call.in_(calls)).values(answers=None))
            connection.execute(update(Call).where(Call.call.in_(calls)).values(state=b"", caller=None, erased=True))
    return len(calls)


RETENTION: tuple[Retention, ...] = (erase,)
