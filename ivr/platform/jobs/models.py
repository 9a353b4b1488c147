"""The table of the workers' heartbeat."""

from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class WorkerBeat(Base):
    """The time of the last heartbeat, in one row. Without a worker no text is sent."""

    __tablename__ = "worker_beats"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
