"""How a wait in a queue ends, as the provider reports it, and which turn takes the news."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session as DbSession

from ivr.centre.queues import waiting
from ivr.centre.queues.models import QueuedCall
from ivr.telephony.forms import Departure

HUNG_UP = "hung_up"  # the caller is gone: no outcome of a flow
# how the caller came out of the queue -> the event of the row, and the outcome that the flow routes
_RESULTS: Mapping[Departure, tuple[str, str]] = {
    "answered": ("answer", "answered"),
    "left": ("fail", "failed"),
    "hung_up": ("hang_up", HUNG_UP),
    "full": ("fail", "full"),
    "failed": ("fail", "failed"),
}


def result_of(departure: Departure, state: str | None) -> tuple[str | None, str]:
    """The event of the row and the outcome for the flow, from the provider's word and the row's state. Pure.

    Only a caller whose patience ran out was asked to leave: everyone else who leaves was failed by something.
    """
    if departure == "left" and state == "timeout":
        return None, "timeout"
    return _RESULTS[departure]


def left_queue(connection: Connection, call: str, departure: Departure, seconds: int | None, now: datetime) -> str:
    """Close the caller's stay in a queue and give the outcome for the flow.

    The news comes after the talk with the agent: the wait ended before it, after so many `seconds`.
    """
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    event, outcome = result_of(departure, None if entry is None else entry.state)
    if entry is None:
        return outcome
    if event is not None and waiting.can(entry, event):
        waiting.move(db, entry, event, now)
    if entry.state == "answered" and outcome == "answered" and seconds is not None:
        entry.left_at = min(now, entry.entered_at + timedelta(seconds=seconds))
        db.flush()
    return outcome


def call_over(connection: Connection, call: str, now: datetime) -> None:
    """The call has ended: a caller who still stood in a queue abandoned it."""
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    if entry is not None and entry.state in waiting.HERE:
        waiting.move(db, entry, "hang_up", now)


def entered(connection: Connection, call: str, turn: int) -> None:
    """Remember which turn the provider comes back to from the queue."""
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    if entry is not None:
        entry.turn, entry.left_turn = turn, None
        db.flush()


def turn_of_departure(connection: Connection, call: str, turn: int, expected: int) -> int:
    """The turn that takes the news of a departure: the call's next one, and for a repeat of the news the same again.

    The provider comes back to the turn that led into the queue; the call may have gone on meanwhile, inside it.
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
    """Nobody waits any more and the call goes on: an agent talks, since the last sign of the wait for all we know."""
    waiting.move(db, entry, "answer", entry.seen_at)
