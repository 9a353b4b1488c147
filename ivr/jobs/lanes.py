"""Lanes of the worker: each a thread of its own with chores that come round, so that a slow one delays no other."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.jobs.opening import TOLD_SECONDS, waited_for

LOG = structlog.get_logger("ivr.worker")
ROUND_SECONDS = 0.25
JOIN_SECONDS = 30.0  # longer than the provider or the core bank may take over one thing


AWAY_SECONDS = 2.0  # before a chore asks again for a database that did not answer


class Told:
    """What was logged lately: lanes that meet the same fault say it once a minute between them."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_due(self, what: str, now: float) -> bool:
        """Whether it is to be said, which counts as saying it; `now` is a moment of the steady clock."""
        with self._lock:
            if now < self._until.get(what, now):
                return False
            self._until = {each: until for each, until in self._until.items() if now < until}
            self._until[what] = now + TOLD_SECONDS
            return True


@dataclass(slots=True)
class Chore:
    """Something done every so many seconds; `due` is a moment of the steady clock."""

    seconds: float
    act: Callable[[], object]
    due: float = 0.0


@dataclass(frozen=True, slots=True)
class Lane:
    """Chores that take turns. `steady` gives seconds that only ever go on."""

    name: str
    chores: Sequence[Chore]
    steady: Callable[[], float]
    told: Told = field(default_factory=Told)

    def round(self) -> None:
        """Do what is due; whatever fails is logged and comes again."""
        for chore in self.chores:
            now = self.steady()
            if now < chore.due:
                continue
            chore.due = now + chore.seconds
            try:
                chore.act()
            except SQLAlchemyError as fault:
                chore.due = max(chore.due, now + AWAY_SECONDS)
                reason = waited_for(fault)
                if self.told.is_due(reason, now):
                    LOG.error("the worker waits for its database", reason=reason)
            except Exception as fault:  # the next round comes, whatever this one met
                if self.told.is_due(f"{self.name} {type(fault).__name__}", now):
                    LOG.exception("a chore failed", lane=self.name)

    def run(self, stop: threading.Event) -> None:
        """Rounds until told to stop."""
        while not stop.wait(ROUND_SECONDS):
            self.round()


def run(lanes: Iterable[Lane], stop: threading.Event) -> None:
    """Every lane in a thread until told to stop; what is under way then may end, for a while."""
    threads = [threading.Thread(target=lane.run, args=(stop,), name=lane.name, daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(JOIN_SECONDS)
        if thread.is_alive():
            LOG.error("a lane did not end in time", lane=thread.name)
