"""Rows of the floor: alarms, kept after their end."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant

_LIVE = "state <> 'ended'"


class FloorAlarm(Base):
    """A figure that passed a threshold. `kind` is the figure, `subject` the queue or the agent it is of.

    `level` is care (amber) or alarm (red). `value` is the figure's when the level was reached, `threshold` what it
    passed. Two live alarms of one figure and subject cannot be stored.
    """

    __tablename__ = "floor_alarms"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=0)
    level: Mapped[str] = mapped_column(String(8))
    value: Mapped[int] = mapped_column(Integer)
    threshold: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str] = mapped_column(String(32), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state in ('open','acknowledged','ended')", name="state"),
        CheckConstraint("level in ('care','alarm')", name="level"),
        Index(
            "uq_floor_alarms_live", "kind", "subject", unique=True, sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
    )  # fmt: skip
