"""Rows of the orders for a remote core."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.bank.core import Refusal
from ivr.bank.states import OrderKind, OrderState
from ivr.db import Base, Instant
from ivr.platform.jobs.leases import WorkRow


class CoreOrder(WorkRow, Base):
    """An instruction for a remote core, stored by the turn that made it and carried by the worker.

    The amount of an open order is held: it counts against what is available. `subject` is what the order is about
    (a payee, a bill, the blind index of a card); `heard` that the customer was given the outcome, by the call that made
    the order or by a text: until then it is owed, and
    `due_at` is when a worker tells it.
    """

    __tablename__ = "core_orders"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    request: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[OrderKind] = mapped_column(String(10))
    state: Mapped[OrderState] = mapped_column(String(8))
    customer_id: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(64), default="")
    subject: Mapped[str] = mapped_column(String(80), default="")
    amount_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary)  # what is sent, sealed at "core_orders.body|<key>"
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    refusal: Mapped[Refusal] = mapped_column(String(12), default="")
    room_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    until: Mapped[datetime | None] = mapped_column(Instant)
    earlier: Mapped[str] = mapped_column(String(12), default="")
    heard: Mapped[bool] = mapped_column(Boolean, default=False)
    made_at: Mapped[datetime] = mapped_column(Instant)
    inquiries: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        CheckConstraint("kind IN ('transfer', 'bill', 'loss', 'password', 'hold')", name="kind"),
        CheckConstraint("state IN ('waiting', 'sent', 'pending', 'done', 'refused')", name="state"),
        CheckConstraint("(state = 'refused') = (refusal <> '')", name="refusal"),
        CheckConstraint("amount_fen >= 0", name="amount"),
        Index("ix_core_orders_customer", "customer_id", "kind"),
        Index(
            "ix_core_orders_due", "due_at",
            sqlite_where=text("state IN ('waiting', 'sent', 'pending')"),
            postgresql_where=text("state IN ('waiting', 'sent', 'pending')"),
        ),
        Index(
            "ix_core_orders_owed", "due_at",
            sqlite_where=text("NOT heard AND state IN ('done', 'refused')"),
            postgresql_where=text("NOT heard AND state IN ('done', 'refused')"),
        ),
    )  # fmt: skip
