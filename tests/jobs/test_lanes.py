"""Lanes of the worker: chores come round by the time that goes by, and one that fails keeps no other."""

from ivr.jobs.lanes import Chore, Lane


def test_chores_come_round_by_the_time_that_goes_by_and_not_by_rounds() -> None:
    done = 0

    def do() -> None:
        nonlocal done
        done += 1

    moments = (1.0, 59.0, 60.0, 61.0, 119.0, 185.0, 186.0, 245.0)
    at = iter(moments)
    lane, counts = Lane("lane", (Chore(60, do, 60),), lambda: next(at)), []
    for _ in moments:
        lane.round()
        counts.append(done)
    assert counts == [0, 0, 1, 1, 1, 2, 2, 3]


def test_a_chore_that_fails_comes_again_and_keeps_no_other() -> None:
    done: list[str] = []
    at = iter((1.0, 1.0, 2.0, 2.0))

    def fail() -> None:
        done.append("failed")
        raise ZeroDivisionError

    lane = Lane("lane", (Chore(1, fail), Chore(1, lambda: done.append("other"))), lambda: next(at))
    lane.round()
    lane.round()
    assert done == ["failed", "other"] * 2
