"""What can become of a queued call and of a callback, move by move; every other move is illegal."""

from collections.abc import Mapping
from itertools import product

import pytest
from sqlalchemy import CheckConstraint

from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.states import CALLBACK, QUEUED_CALL
from ivr.db.states import after
from ivr.foundation.errors import IllegalTransition

Moves = Mapping[tuple[str, str], str]
CALL_MOVES = {
    ("waiting", "answer"): "answered",
    ("waiting", "ask_callback"): "leaving",
    ("waiting", "time_out"): "timeout",
    ("waiting", "hang_up"): "abandoned",
    ("waiting", "fail"): "failed",
    ("leaving", "return"): "waiting",
    ("leaving", "book"): "callback",
    ("leaving", "hang_up"): "abandoned",
    ("leaving", "answer"): "answered",
    ("leaving", "fail"): "failed",
    ("timeout", "answer"): "answered",
    ("answered", "wait_on"): "waiting",
    ("answered", "hang_up"): "abandoned",
    ("abandoned", "answer"): "answered",
}
CALLBACK_MOVES = {
    ("requested", "assign"): "assigned",
    ("assigned", "release"): "requested",
    ("assigned", "complete"): "completed",
    ("requested", "cancel"): "cancelled",
}


def _words(moves: Moves) -> tuple[set[str], set[str]]:
    return {state for state, _ in moves} | set(moves.values()), {event for _, event in moves}


def _all(table: Moves, moves: Moves) -> list[tuple[Moves, str, str, str | None]]:
    states, events = _words(moves)
    return [(table, state, event, moves.get((state, event))) for state, event in sorted(product(states, events))]


@pytest.mark.parametrize(
    ("table", "state", "event", "expected"), [*_all(QUEUED_CALL, CALL_MOVES), *_all(CALLBACK, CALLBACK_MOVES)]
)
def test_each_event_in_each_state(table: Moves, state: str, event: str, expected: str | None) -> None:
    if expected is not None:
        assert after(table, state, event) == expected
        return
    with pytest.raises(IllegalTransition):
        after(table, state, event)


@pytest.mark.parametrize(("table", "moves"), [(QUEUED_CALL, CALL_MOVES), (CALLBACK, CALLBACK_MOVES)])
def test_there_is_no_other_state_or_event(table: Moves, moves: Moves) -> None:
    assert _words(table) == _words(moves)


@pytest.mark.parametrize("state", ["callback", "failed"])
def test_who_left_the_queue_has_left_it(state: str) -> None:
    assert not any(before == state for before, _ in QUEUED_CALL)


def test_the_schema_knows_the_states_of_a_queued_call() -> None:
    [rule] = [each for each in QueuedCall.__table_args__ if isinstance(each, CheckConstraint)]
    named = str(rule.sqltext).partition("(")[2].rstrip(")").replace("'", "").split(",")
    assert set(named) == _words(QUEUED_CALL)[0]
