"""The background work of the floor: alarms that come and go with the figures."""

from datetime import datetime
from typing import Protocol

from ivr.centre.floor import alarms
from ivr.centre.floor.board import FloorRules, board
from ivr.db import Database, look
from ivr.platform.jobs.tasks import Task

WATCH_SECONDS = 2.0


class Means(Protocol):
    """What the floor needs of a worker."""

    @property
    def database(self) -> Database: ...
    @property
    def floor_rules(self) -> FloorRules: ...
    def now(self) -> datetime: ...


def watch_alarms(means: Means) -> None:
    """Raise and end alarms."""
    now = means.now()
    with look(means.database) as db:
        seen = board(db, means.floor_rules, now)
    alarms.watch(means.database, list(alarms.findings(seen, means.floor_rules)), now)


TASKS: tuple[Task[Means], ...] = (Task("floor alarms", WATCH_SECONDS, watch_alarms),)
