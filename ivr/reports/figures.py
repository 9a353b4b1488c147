"""The numbers of a filter: of all its contacts, or for each queue, agent or category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import QueuedCall
from ivr.reports.contacts import NONE, contacts
from ivr.reports.filters import Filter, conditions
from ivr.reports.metrics import METRICS, summed

By = Literal["queue", "answered_by", "category"]
GROUPS: Mapping[str, ColumnElement[Any]] = {
    "queue": func.coalesce(QueuedCall.queue, NONE),
    "answered_by": func.coalesce(Interaction.agent_id, NONE),
    "category": func.coalesce(func.nullif(WrapUp.category, ""), NONE),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value; `count` is how many contacts it opens. The value of a rate over nothing is None."""

    value: float | None
    count: int


Figures = Mapping[str, Figure]


def figures(db: Session, wanted: Filter, names: Sequence[str] = tuple(METRICS)) -> Figures:
    """Each metric over the contacts of a filter. KeyError for one that is not declared."""
    columns = [column for name in names for column in summed(METRICS[name])]
    return _read(names, db.execute(contacts(*columns).where(*conditions(wanted))).one())


def figures_by(db: Session, wanted: Filter, by: By, names: Sequence[str] = tuple(METRICS)) -> Mapping[str, Figures]:
    """The same for each queue, agent or category; `-` for the contacts without one. The groups add up to the whole."""
    group = GROUPS[by]
    columns = [column for name in names for column in summed(METRICS[name])]
    found = contacts(group, *columns).where(*conditions(wanted)).group_by(group).order_by(group)
    return {str(row[0]): _read(names, row[1:]) for row in db.execute(found)}


def today(db: Session, now: datetime, zone: ZoneInfo, names: Sequence[str] = tuple(METRICS)) -> Figures:
    """Each metric of the bank's day so far."""
    return figures(db, Filter(since=datetime.combine(now.astimezone(zone).date(), time.min, zone)), names)


def _read(names: Sequence[str], row: Sequence[Any]) -> Figures:
    return {name: _figure(name, row[2 * place], row[2 * place + 1]) for place, name in enumerate(names)}


def _figure(name: str, part: Any, whole: Any) -> Figure:
    if METRICS[name].unit == "calls":
        return Figure(float(part), int(whole))
    return Figure(float(part) / int(whole) if whole else None, int(whole))
