"""Lanes of the worker: each a thread of its own with chores that come round, so that a slow one delays no other."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog

LOG = structlog.get_logger("ivr.worker")
ROUND_SECONDS = 0.25
JOIN_SECONDS = 30.0  # longer than the provider or the core bank may take over one thing


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

    def round(self) -> None:
        """Do what is due; whatever fails is logged and comes again."""
        for chore in self.chores:
            now = self.steady()
            if now < chore.due:
                continue
            chore.due = now + chore.seconds
            try:
                chore.act()
            except Exception:  # the next round comes, whatever this one met
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
