"""Staffing by half hour: what came, what was needed, who served."""

from datetime import timedelta

import pytest

from ivr.centre.floor import needs
from ivr.centre.floor.erlang import Demand, Target, needed_a
from tests.centre.floor.conftest import Floor

HALF = 1800


def test_each_half_hour_has_its_calls_its_need_and_who_served(floor: Floor) -> None:
    """At 10:15: a hundred calls in the first half hour; the running one expects those of a week ago."""
    with floor.work() as db:
        for number in range(100):
            floor.call(db, "answered", number, number + 5)
        floor.call(db, "answered", 2 * HALF + 10, 2 * HALF + 20)
        for number in range(3):
            floor.call(db, "answered", 2 * HALF - 7 * 86400 + number, 2 * HALF - 7 * 86400 + 10)
            floor.call(db, "answered", 5 * HALF - 7 * 86400 + number, 5 * HALF - 7 * 86400 + 10)
        floor.did(db, "agent1", (-HALF, "ready"), (0, "talking"), (600, "wrap_up"), (900, "not_ready"))
        floor.did(db, "agent2", (0, "not_ready"), (2 * HALF, "ready"))
    with floor.work() as db:
        now = floor.at(2 * HALF + 900)
        found = needs.half_hours(db, floor.rules, 180, now)
    assert [(each.begins - floor.nine, each.calls, each.is_expected) for each in found] == [
        (timedelta(), 100, False), (timedelta(minutes=60), 3, True), (timedelta(minutes=150), 3, True),
    ]  # fmt: skip
    first, running, coming = found
    assert first.needed_c == 14
    assert first.needed_a == needed_a(Demand(100 / HALF, 180, needs.PATIENCE_SECONDS), Target(0.8, 20))
    assert first.present == pytest.approx(0.5)
    assert first.is_short
    assert running.present == pytest.approx(1)
    assert coming.present is None
    assert not coming.is_short
    assert needs.running(found, now) == running


def test_patience_is_all_waiting_by_those_who_hung_up(floor: Floor) -> None:
    with floor.work() as db:
        for number in range(4):
            floor.call(db, "abandoned", number, number + 30)
        floor.call(db, "answered", 50, 130)
    with floor.work() as db:
        assert needs.patience_seconds(db, floor.at(0), floor.at(500)) == needs.PATIENCE_SECONDS, "too few to tell"
    with floor.work() as db:
        floor.call(db, "abandoned", 60, 90)
    with floor.work() as db:
        assert needs.patience_seconds(db, floor.at(0), floor.at(500)) == pytest.approx((5 * 30 + 80) / 5)
