"""The row of the workers' sign of life."""

from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class WorkerBeat(Base):
    """When a worker was last seen, in one row: without one no text leaves."""

    __tablename__ = "worker_beats"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
