"""The states of an order for a remote core (drawn in docs/states.md), and when an open outcome is asked for again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from ivr.db.states import Table

OrderKind = Literal["transfer", "bill", "loss", "password", "hold"]
OrderState = Literal["waiting", "sent", "pending", "done", "refused"]
OrderEvent = Literal["send", "confirmed", "declined", "silence"]

OPEN: tuple[OrderState, ...] = ("waiting", "sent", "pending")
TRANSITIONS: Table[OrderState, OrderEvent] = {
    ("waiting", "send"): "sent",  # written before anything leaves, so that a crash counts as sent
    ("sent", "confirmed"): "done",
    ("sent", "declined"): "refused",
    ("sent", "silence"): "pending",  # timeout, garbage, a lost reply, or a worker that died
    ("pending", "confirmed"): "done",
    ("pending", "declined"): "refused",
    ("pending", "silence"): "pending",
}
RECONCILIATION = timedelta(days=1)


def next_inquiry(inquiries: int, seconds: Sequence[int]) -> timedelta:
    """How long to wait after this many inquiries: the steps of config.yaml, then once a day."""
    return timedelta(seconds=seconds[inquiries]) if inquiries < len(seconds) else RECONCILIATION
