"""The end of a wait in a queue, as the provider reports it, and the turn that processes the report."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session as DbSession

from ivr.centre.queues import waiting
from ivr.centre.queues.models import QueuedCall
from ivr.telephony.webhooks import QueueExit

HUNG_UP = "hung_up"  # not an outcome that a flow routes
# how the caller came out of the queue -> the event of the row, and the outcome that the flow routes
_RESULTS: Mapping[QueueExit, tuple[str, str]] = {
    "answered": ("answer", "answered"),
    "left": ("fail", "failed"),
    "hung_up": ("hang_up", HUNG_UP),
    "full": ("fail", "full"),
    "failed": ("fail", "failed"),
}


def result_of(queue_exit: QueueExit, state: str | None) -> tuple[str | None, str]:
    """The event of the row and the outcome for the flow, from the provider's result and the row's state. Pure.

    Only callers over the maximum wait are asked to leave; for all others "left" means that something failed.
    """
    if queue_exit == "left" and state == "timeout":
        return None, "timeout"
    return _RESULTS[queue_exit]


def left_queue(connection: Connection, call: str, queue_exit: QueueExit, seconds: int | None, now: datetime) -> str:
    """Close the queue entry and return the outcome for the flow.

    The report arrives after the conversation with the agent; the wait itself ended after `seconds`.
    """
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    event, outcome = result_of(queue_exit, None if entry is None else entry.state)
    if entry is None:
        return outcome
    if event is not None and waiting.can(entry, event):
        waiting.move(db, entry, event, now)
    if entry.state == "answered" and outcome == "answered" and seconds is not None:
        entry.left_at = min(now, entry.entered_at + timedelta(seconds=seconds))
        db.flush()
    return outcome


def call_over(connection: Connection, call: str, now: datetime) -> None:
    """The call has ended: a caller who was still waiting abandoned the queue."""
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    if entry is not None and entry.state in waiting.HERE:
        waiting.move(db, entry, "hang_up", now)


def entered(connection: Connection, call: str, turn: int) -> None:
    """Store the turn to which the provider returns after the queue."""
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    if entry is not None:
        entry.turn, entry.left_turn = turn, None
        db.flush()


def turn_of_queue_exit(connection: Connection, call: str, turn: int, expected: int) -> int:
    """The turn that processes a queue result: the call's next one, and the same one for a repeated webhook.

    The provider returns to the turn that entered the queue, but the call may have advanced while it waited.
    """
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    if entry is None or entry.turn != turn:
        return turn
    if entry.left_turn is None:
        entry.left_turn = expected
        db.flush()
    return entry.left_turn


def answered_unheard(db: DbSession, entry: QueuedCall) -> None:
    """Mark an entry as answered by an agent at the last request of its wait loop: the call left the queue."""
    waiting.move(db, entry, "answer", entry.seen_at)
