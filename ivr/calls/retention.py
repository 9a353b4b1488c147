"""What calls said and knew is erased a day after they ended; their trails stay."""

from datetime import datetime, timedelta

from sqlalchemy import and_, not_, or_, select, update

from ivr.calls.models import Call, TurnTaken
from ivr.centre.queues.models import QueuedCall
from ivr.db import Database
from ivr.platform.jobs.retention import AT_ONCE, Retention, in_batches

KEPT = timedelta(hours=24)


@in_batches
def erase(database: Database, now: datetime) -> int:
    """Erase sessions, numbers and answers of calls that are over for a day; returns how many calls."""
    with database.begin(durable=False) as connection:
        # a call whose end nobody reported is over too: no call lasts a day
        over = or_(Call.ended_at < now - KEPT, Call.started_at < now - 2 * KEPT)
        kept = and_(not_(Call.erased), Call.started_at < now - KEPT)  # the rows of ix_calls_kept
        calls = list(connection.scalars(select(Call.call).where(kept, over).order_by(Call.started_at).limit(AT_ONCE)))
        if calls:
            connection.execute(update(TurnTaken).where(TurnTaken.call.in_(calls)).values(answer=None))
            connection.execute(update(QueuedCall).where(QueuedCall.call.in_(calls)).values(answers=None))
            connection.execute(update(Call).where(Call.call.in_(calls)).values(state=b"", caller=None, erased=True))
    return len(calls)


RETENTION: tuple[Retention, ...] = (erase,)
