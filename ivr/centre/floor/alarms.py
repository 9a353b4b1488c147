"""Alarms of the floor: raised and ended by the worker as figures pass their thresholds, acknowledged by a leader."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.floor.board import Board, FloorRules, QueueLine
from ivr.centre.floor.models import FloorAlarm
from ivr.centre.floor.states import FLOOR_ALARM
from ivr.centre.queues import presence
from ivr.db import Database, look, states, work
from ivr.foundation.config.floor import Threshold
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

LOW = frozenset({"service_level_percent", "agents_free"})  # figures of which little is bad
LEAST_SETTLED = 10  # callers, before a service level says anything
OF_AGENTS = frozenset({"hold_seconds", "unreachable"})  # figures of one agent, not of a queue
CARE, ALARM = "care", "alarm"


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure that is beyond its threshold."""

    kind: str
    subject: str
    level: str
    value: int
    threshold: int


def level_of(figure: str, value: int, threshold: Threshold) -> str:
    """care, alarm, or empty where the figure is as it should be. Pure."""
    if _is_beyond(figure, value, threshold.alarm):
        return ALARM
    return CARE if _is_beyond(figure, value, threshold.care) else ""


def _is_beyond(figure: str, value: int, bound: int | None) -> bool:
    if bound is None:
        return False
    return value < bound if figure in LOW else value >= bound


def figures_of(line: QueueLine, now: datetime) -> Mapping[str, int]:
    """The watched figures of a queue; one that says nothing yet is left out. Pure."""
    found = {
        "waiting": line.now.waiting, "longest_wait_seconds": line.now.longest_seconds(now),
        "agents_free": line.now.free,
    }  # fmt: skip
    level = line.day.service_level
    if level is not None and line.day.settled >= LEAST_SETTLED:
        found["service_level_percent"] = int(level * 100)
    return found


def findings(board: Board, rules: FloorRules) -> Iterator[Finding]:
    """Everything that is beyond its threshold at a moment. Pure."""
    for line in board.queues:
        for kind, value in figures_of(line, board.at).items():
            yield from _found(kind, line.name, value, rules.floor.of(line.name, kind))
    for agent in board.agents:
        if agent.held_at is not None:
            held = int((board.at - agent.held_at).total_seconds())
            yield from _found("hold_seconds", agent.id, held, rules.floor.of(agent.queue, "hold_seconds"))
        if agent.state == "unreachable":
            yield Finding("unreachable", agent.id, CARE, 0, 0)


def _found(kind: str, subject: str, value: int, threshold: Threshold) -> Iterator[Finding]:
    level = level_of(kind, value, threshold)
    if level:
        passed = threshold.alarm if level == ALARM else threshold.care
        yield Finding(kind, subject, level, value, passed or 0)


def live(db: Session) -> Sequence[FloorAlarm]:
    """The alarms that last, red ones first, then the older one."""
    lasting = select(FloorAlarm).where(FloorAlarm.state != "ended").order_by(FloorAlarm.since, FloorAlarm.id)
    return sorted(db.scalars(lasting), key=lambda each: each.level != ALARM)


def watch(database: Database, found: Sequence[Finding], now: datetime) -> int:
    """Raise, worsen and end alarms so that they are these; returns how many changed. Safe for several workers."""
    with look(database) as db:
        known = {(each.kind, each.subject): each.level for each in live(db)}
    if known == {(each.kind, each.subject): each.level for each in found}:
        return 0
    with work(database, durable=False) as db:
        return _settle(db, {(each.kind, each.subject): each for each in found}, now)


def _settle(db: Session, found: Mapping[tuple[str, str], Finding], now: datetime) -> int:
    lasting = select(FloorAlarm).where(FloorAlarm.state != "ended").with_for_update()
    known = {(each.kind, each.subject): each for each in db.scalars(lasting)}
    changed = []
    for key, alarm in known.items():
        finding = found.get(key)
        if finding is None:
            states.move(db, alarm, FLOOR_ALARM, "end", ended_at=now)
        elif finding.level != alarm.level:
            _relevel(db, alarm, finding, now)
        else:
            continue
        changed.append(key)
    for key in found.keys() - known.keys():
        db.add(_raised(found[key], now))
        changed.append(key)
    db.flush()
    for _, subject in sorted(key for key in changed if key[0] in OF_AGENTS):
        presence.tell(db, subject)  # their desk turns amber too
    if changed:
        presence.tell_floor(db)
    return len(changed)


def _raised(each: Finding, now: datetime) -> FloorAlarm:
    return FloorAlarm(
        kind=each.kind, subject=each.subject, state="open", level=each.level, value=each.value,
        threshold=each.threshold, since=now,
    )  # fmt: skip


def _relevel(db: Session, alarm: FloorAlarm, finding: Finding, now: datetime) -> None:
    """Amber became red, which is to be seen anew; or red became amber again."""
    if finding.level == ALARM and alarm.state == "acknowledged":
        states.move(db, alarm, FLOOR_ALARM, "worsen", acknowledged_at=None, acknowledged_by="")
    alarm.level, alarm.value, alarm.threshold = finding.level, finding.value, finding.threshold
    alarm.since = now if finding.level == ALARM else alarm.since
    db.flush()


def acknowledge(db: Session, actor: Actor, ids: Sequence[int], now: datetime) -> int:
    """A leader has seen these alarms: they no longer call for anybody. Returns how many were still open."""
    open_ = select(FloorAlarm).where(FloorAlarm.id.in_(ids), FloorAlarm.state == "open").order_by(FloorAlarm.id)
    seen = list(db.scalars(open_.with_for_update()))
    for alarm in seen:
        states.move(db, alarm, FLOOR_ALARM, "acknowledge", acknowledged_at=now, acknowledged_by=actor.id)
    if seen:
        presence.tell_floor(db)
        subjects = " ".join(f"{each.kind}:{each.subject}" for each in seen)
        record(db, actor, "alarms_acknowledged", "floor", now, alarms=subjects[:200])
    return len(seen)
