"""The table of outgoing texts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant
from ivr.platform.jobs.leases import WorkRow
from ivr.platform.outbox.states import TextState


class OutgoingText(WorkRow, Base):
    """One text. `key` is its idempotency key; number and body are sealed with it."""

    __tablename__ = "outgoing_texts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(96), unique=True)
    recipient: Mapped[bytes] = mapped_column(LargeBinary)
    recipient_index: Mapped[bytes | None] = mapped_column(LargeBinary)  # for texts under a daily limit, else None
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # erased after sending: it may contain a code
    state: Mapped[TextState] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)  # an expired code is not sent
    provider_sid: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("state in ('waiting','sending','sent','expired','failed')", name="state"),
        Index("ix_outgoing_texts_due", "state", "due_at"),
        Index("ix_outgoing_texts_recipient", "recipient_index", "created_at"),
    )
