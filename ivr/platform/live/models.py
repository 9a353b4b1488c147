"""The rows that count changes."""

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base


class TopicCount(Base):
    """How often a topic was changed, as far as this row counts: its version is the sum of its rows.

    There are as many rows of a topic as there ever were transactions at once that changed it, one on SQLite.
    """

    __tablename__ = "live_topics"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), index=True)
    changes: Mapped[int] = mapped_column(BigInteger)
