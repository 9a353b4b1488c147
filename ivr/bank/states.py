"""The states of an order for a remote core (docs/states.md), and the intervals between inquiries."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from ivr.db.states import TransitionTable

OrderKind = Literal["transfer", "bill", "loss", "password", "hold"]
OrderState = Literal["waiting", "sent", "pending", "done", "refused"]
OrderEvent = Literal["send", "confirmed", "declined", "silence"]

OPEN: tuple[OrderState, ...] = ("waiting", "sent", "pending")
TRANSITIONS: TransitionTable[OrderState, OrderEvent] = {
    ("waiting", "send"): "sent",  # committed before sending, so that after a crash it counts as sent
    ("sent", "confirmed"): "done",
    ("sent", "declined"): "refused",
    ("sent", "silence"): "pending",  # timeout, malformed answer, lost reply, or a crashed worker
    ("pending", "confirmed"): "done",
    ("pending", "declined"): "refused",
    ("pending", "silence"): "pending",
}
RECONCILIATION = timedelta(days=1)


def next_inquiry(inquiries: int, seconds: Sequence[int]) -> timedelta:
    """The interval after this many inquiries: those of config.yaml, then one day."""
    return timedelta(seconds=seconds[inquiries]) if inquiries < len(seconds) else RECONCILIATION
