"""Tasks come round by the time that goes by, and one that fails comes again."""

from ivr.platform.jobs.tasks import TaskThread


def test_a_task_comes_round_by_the_time_that_goes_by_and_not_by_rounds() -> None:
    done = 0

    def do() -> None:
        nonlocal done
        done += 1

    moments = (1.0, 59.0, 60.0, 61.0, 119.0, 185.0, 186.0, 245.0)
    at = iter(moments)
    thread, counts = TaskThread("task", 60, do, lambda: next(at), due=60), []
    for _ in moments:
        thread.round()
        counts.append(done)
    assert counts == [0, 0, 1, 1, 1, 2, 2, 3]


def test_a_task_that_fails_comes_again() -> None:
    done: list[str] = []
    at = iter((1.0, 2.0))

    def fail() -> None:
        done.append("failed")
        raise ZeroDivisionError

    thread = TaskThread("task", 1, fail, lambda: next(at))
    thread.round()
    thread.round()
    assert done == ["failed"] * 2
