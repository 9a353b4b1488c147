"""The background work of the floor: alarms that come and go with the figures."""

from datetime import datetime
from typing import Protocol

from ivr.centre.floor import alarms
from ivr.centre.floor.board import FloorRules, board
from ivr.db import Database, look
from ivr.platform.jobs.tasks import Task

WATCH_SECONDS = 2.0


class TaskContext(Protocol):
    """What the floor needs of a worker."""

    @property
    def database(self) -> Database: ...
    @property
    def floor_rules(self) -> FloorRules: ...
    def now(self) -> datetime: ...


def watch_alarms(context: TaskContext) -> None:
    """Raise and end alarms."""
    now = context.now()
    with look(context.database) as db:
        seen = board(db, context.floor_rules, now)
    alarms.watch(context.database, list(alarms.findings(seen, context.floor_rules)), now)


TASKS: tuple[Task[TaskContext], ...] = (Task("floor alarms", WATCH_SECONDS, watch_alarms),)
