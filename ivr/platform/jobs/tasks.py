"""Tasks that come round, each in a thread of its own, so that a slow one delays no other."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.platform.jobs.opening import TOLD_SECONDS, waited_for

LOG = structlog.get_logger("ivr.worker")
ROUND_SECONDS = 0.25
JOIN_SECONDS = 30.0  # longer than the provider or the core bank may take over one thing
AWAY_SECONDS = 2.0  # before a task asks again for a database that did not answer

Means = TypeVar("Means", contravariant=True)


@dataclass(frozen=True, slots=True)
class Task(Generic[Means]):
    """Something done every so many seconds, with what it needs of the worker as the argument.

    `threads` do it side by side. `waits`: the first time is after those seconds, not at the start.
    """

    name: str
    seconds: float
    act: Callable[[Means], object]
    threads: int = 1
    waits: bool = False


class LogThrottle:
    """Threads that meet the same fault log it once a minute between them."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_due(self, what: str, now: float) -> bool:
        """Whether it is to be logged, which counts as logging it; `now` is a moment of the steady clock."""
        with self._lock:
            if now < self._until.get(what, now):
                return False
            self._until = {each: until for each, until in self._until.items() if now < until}
            self._until[what] = now + TOLD_SECONDS
            return True


@dataclass(slots=True)
class TaskThread:
    """One thread of a task. `steady` gives seconds that only ever go on; `due` is a moment of it."""

    name: str
    seconds: float
    act: Callable[[], object]
    steady: Callable[[], float]
    throttle: LogThrottle = field(default_factory=LogThrottle)
    due: float = 0.0

    def round(self) -> None:
        """Do the task if it is due; whatever fails is logged and comes again."""
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
        except Exception as fault:  # the next round comes, whatever this one met
            if self.throttle.is_due(f"{self.name} {type(fault).__name__}", now):
                LOG.exception("a task failed", task=self.name)

    def run(self, stop: threading.Event) -> None:
        """Rounds until told to stop."""
        while not stop.wait(ROUND_SECONDS):
            self.round()


def threads_of(tasks: Iterable[Task[Means]], means: Means, steady: Callable[[], float]) -> list[TaskThread]:
    """The threads of all tasks."""
    throttle, begin = LogThrottle(), steady()
    return [
        TaskThread(
            f"{task.name}-{number}", task.seconds, lambda act=task.act: act(means), steady, throttle,  # type: ignore[misc]
            begin + task.seconds if task.waits else 0.0,
        )
        for task in tasks
        for number in range(task.threads)
    ]  # fmt: skip


def run(threads: Iterable[TaskThread], stop: threading.Event) -> None:
    """Every thread until told to stop; what is under way then may end, for a while."""
    running = [threading.Thread(target=each.run, args=(stop,), name=each.name, daemon=True) for each in threads]
    for thread in running:
        thread.start()
    stop.wait()
    for thread in running:
        thread.join(JOIN_SECONDS)
        if thread.is_alive():
            LOG.error("a task did not end in time", task=thread.name)
