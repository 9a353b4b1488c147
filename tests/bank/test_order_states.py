"""The states of an order, as a table."""

from datetime import timedelta
from typing import get_args

import pytest

from ivr.bank.states import OPEN, TRANSITIONS, OrderEvent, OrderState, next_inquiry
from ivr.db.states import after
from ivr.foundation.errors import IllegalTransition


def test_what_is_closed_stays_closed() -> None:
    closed = set(get_args(OrderState)) - set(OPEN)
    assert closed == {"done", "refused"}
    assert not any(state in closed for state, _ in TRANSITIONS)


@pytest.mark.parametrize("state", get_args(OrderState))
@pytest.mark.parametrize("event", get_args(OrderEvent))
def test_a_move_that_is_not_in_the_table_is_illegal(state: OrderState, event: OrderEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert after(TRANSITIONS, state, event) == TRANSITIONS[state, event]
    else:
        with pytest.raises(IllegalTransition):
            after(TRANSITIONS, state, event)


def test_silence_never_refuses() -> None:
    assert {TRANSITIONS[move] for move in TRANSITIONS if move[1] == "silence"} == {"pending"}


def test_inquiries_follow_the_steps_and_then_come_daily() -> None:
    waits = [next_inquiry(number, (5, 15, 60, 300, 1800)) for number in range(7)]
    assert waits == [timedelta(seconds=s) for s in (5, 15, 60, 300, 1800)] + [timedelta(days=1)] * 2
