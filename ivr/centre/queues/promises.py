"""Promised waits compared with what came: of callers who were told a wait and then answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from ivr.centre.queues.estimates import is_broken
from ivr.centre.queues.models import QueuedCall

LONGEST = timedelta(hours=2)  # in a queue: who was answered since then, entered at most so long before


@dataclass(frozen=True, slots=True)
class Promises:
    """How many answered callers had been told a wait, and how many of them waited over a minute longer than told."""

    told: int
    broken: int

    @property
    def broken_rate(self) -> float | None:
        """The share of broken promises, 0 to 1; None where none was given."""
        return self.broken / self.told if self.told else None


def promises(connection: Connection, queue: str, since: datetime) -> Promises:
    """The first wait told to each caller of a queue who was answered since a time, and the wait that came after it."""
    rows = connection.execute(
        select(QueuedCall.told_high, QueuedCall.told_at, QueuedCall.left_at).where(
            QueuedCall.queue == queue, QueuedCall.state == "answered", QueuedCall.rank_at >= since - LONGEST,
            QueuedCall.told_at.is_not(None), QueuedCall.left_at >= since,
        )
    ).all()  # fmt: skip
    broken = sum(is_broken(high or 0, (left - told).total_seconds()) for high, told, left in rows if left and told)
    return Promises(len(rows), broken)
