"""What is erased by itself: the stored answers and the sessions of calls that are long over."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from ivr.calls.models import Call, TurnTaken
from ivr.db import Database

KEPT = timedelta(hours=24)
AT_ONCE = 500


def erase(database: Database, now: datetime) -> int:
    """Erase what calls said and knew a day after they ended; their trails stay. Returns how many calls."""
    with database.begin(durable=False) as connection:
        # a call whose end nobody reported is over too: no call lasts a day
        over = or_(Call.ended_at < now - KEPT, Call.started_at < now - 2 * KEPT)
        calls = list(connection.scalars(select(Call.call).where(over, Call.state != b"").limit(AT_ONCE)))
        if calls:
            connection.execute(update(TurnTaken).where(TurnTaken.call.in_(calls)).values(answer=None))
            connection.execute(update(Call).where(Call.call.in_(calls)).values(state=b"", caller=None))
    return len(calls)
