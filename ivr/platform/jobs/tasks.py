"""Periodic tasks, each on its own thread, so that a slow one delays no other."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.platform.jobs.startup import TOLD_SECONDS, waited_for

LOG = structlog.get_logger("ivr.worker")
ROUND_SECONDS = 0.25
JOIN_SECONDS = 30.0  # longer than one request to the provider or the core bank can take
AWAY_SECONDS = 2.0  # pause after the database did not answer

ContextT = TypeVar("ContextT", contravariant=True)


@dataclass(frozen=True, slots=True)
class Task(Generic[ContextT]):
    """A periodic task; `act` gets what it needs of the worker as its argument.

    `threads`: how many run it in parallel. `waits`: the first run is after one interval, not at the start.
    """

    name: str
    seconds: float
    act: Callable[[ContextT], object]
    threads: int = 1
    waits: bool = False


class LogThrottle:
    """Limits the log to one entry a minute for the same error, across threads."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_due(self, what: str, now: float) -> bool:
        """Whether to log it now; True counts as logged. `now` is on the monotonic clock."""
        with self._lock:
            if now < self._until.get(what, now):
                return False
            self._until = {each: until for each, until in self._until.items() if now < until}
            self._until[what] = now + TOLD_SECONDS
            return True


@dataclass(slots=True)
class TaskThread:
    """One thread of a task. `steady` reads the monotonic clock; `due` is a time on it."""

    name: str
    seconds: float
    act: Callable[[], object]
    steady: Callable[[], float]
    throttle: LogThrottle = field(default_factory=LogThrottle)
    due: float = 0.0

    def round(self) -> None:
        """Run the task if it is due; errors are logged, and the task is retried."""
        now = self.steady()
        if now < self.due:
            return
        self.due = now + self.seconds
        try:
            self.act()
        except SQLAlchemyError as fault:
            self.due = max(self.due, now + AWAY_SECONDS)
            reason = waited_for(fault)
            if self.throttle.is_due(reason, now):
                LOG.error("the worker waits for its database", reason=reason)
        except Exception as fault:  # an error must not end the thread
            if self.throttle.is_due(f"{self.name} {type(fault).__name__}", now):
                LOG.exception("a task failed", task=self.name)

    def run(self, stop: threading.Event) -> None:
        """Run rounds until `stop` is set."""
        while not stop.wait(ROUND_SECONDS):
            self.round()


def threads_of(tasks: Iterable[Task[ContextT]], context: ContextT, steady: Callable[[], float]) -> list[TaskThread]:
    """The threads of all tasks."""
    throttle, begin = LogThrottle(), steady()
    return [
        TaskThread(
            f"{task.name}-{number}", task.seconds, lambda act=task.act: act(context), steady, throttle,  # type: ignore[misc]
            begin + task.seconds if task.waits else 0.0,
        )
        for task in tasks
        for number in range(task.threads)
    ]  # fmt: skip


def run(threads: Iterable[TaskThread], stop: threading.Event) -> None:
    """Run every thread until `stop` is set, then wait up to `JOIN_SECONDS` for work in progress."""
    running = [threading.Thread(target=each.run, args=(stop,), name=each.name, daemon=True) for each in threads]
    for thread in running:
        thread.start()
    stop.wait()
    for thread in running:
        thread.join(JOIN_SECONDS)
        if thread.is_alive():
            LOG.error("a task did not end in time", task=thread.name)
