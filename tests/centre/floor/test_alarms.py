"""Alarms come and go with the figures; who has seen one is not called again until it is worse."""

import json

import pytest
from sqlalchemy import select

from ivr.centre.floor import alarms
from ivr.centre.floor.alarms import findings, level_of
from ivr.centre.floor.tasks import watch_alarms
from ivr.centre.queues.models import QueuedCall
from ivr.foundation.config.floor import Threshold
from ivr.platform.actor import Actor
from ivr.platform.audit.models import AuditEntry
from tests.centre.floor.conftest import Floor

LEADER = Actor("staff", "leader1", frozenset({"leader"}))


class Means:
    """What the task needs, at a moment."""

    def __init__(self, floor: Floor, seconds: float) -> None:
        self.database, self.floor_rules, self.now = floor.database, floor.rules, lambda: floor.at(seconds)


def live(floor: Floor) -> list[tuple[str, str, str, str]]:
    with floor.work() as db:
        return [(each.kind, each.subject, each.level, each.state) for each in alarms.live(db)]


@pytest.mark.parametrize(
    ("figure", "value", "level"),
    [
        ("waiting", 4, ""), ("waiting", 5, "care"), ("waiting", 10, "alarm"),
        ("service_level_percent", 10, ""), ("service_level_percent", 9, "alarm"), ("service_level_percent", 5, "alarm"),
    ],
)  # fmt: skip
def test_thresholds(figure: str, value: int, level: str) -> None:
    bounds = Threshold(care=5, alarm=10)
    assert level_of(figure, value, bounds) == level
    assert level_of(figure, value, Threshold()) == "", "what is not set is never reached"


def test_an_alarm_is_raised_seen_worsens_and_ends(floor: Floor) -> None:
    with floor.work() as db:
        call = floor.call(db, "waiting", 0)
    watch_alarms(Means(floor, 59))
    assert live(floor) == []
    watch_alarms(Means(floor, 60))
    watch_alarms(Means(floor, 61))
    assert live(floor) == [("longest_wait_seconds", "general", "care", "open")], "once, however often it is looked at"
    acknowledge(floor)
    assert live(floor) == [("longest_wait_seconds", "general", "care", "acknowledged")]
    watch_alarms(Means(floor, 120))
    assert live(floor) == [("longest_wait_seconds", "general", "alarm", "open")], "red is to be seen anew"
    with floor.work() as db:
        row = db.get_one(QueuedCall, call)
        row.state, row.left_at = "answered", floor.at(121)
    watch_alarms(Means(floor, 122))
    assert live(floor) == []


def acknowledge(floor: Floor) -> None:
    with floor.work() as db:
        assert alarms.acknowledge(db, LEADER, [each.id for each in alarms.live(db)], floor.at(70)) == 1
    with floor.work() as db:
        told = db.scalars(select(AuditEntry)).one()
        assert (told.deed, json.loads(told.details)) == (
            "alarms_acknowledged", {"alarms": "longest_wait_seconds:general"},
        )  # fmt: skip


def test_a_queue_has_thresholds_of_its_own_and_a_hold_is_watched(floor: Floor) -> None:
    with floor.work() as db:
        floor.call(db, "waiting", 0, queue="security")
        floor.agent(db, "agent1", "on_hold", general=1)
        floor.agent(db, "agent2", "unreachable", general=1)
        floor.talk(db, "agent1", 0, None).held_at = floor.at(-160)
    found = {(each.kind, each.subject): each.level for each in findings(floor.board(20), floor.rules)}
    assert found == {
        ("longest_wait_seconds", "security"): "care", ("hold_seconds", "agent1"): "alarm",
        ("unreachable", "agent2"): "care",
    }  # fmt: skip


def test_a_service_level_of_few_callers_says_nothing(floor: Floor) -> None:
    with floor.work() as db:
        for number in range(9):
            floor.call(db, "answered", number, number + 60)
    assert [each.kind for each in findings(floor.board(600), floor.rules)] == []
    with floor.work() as db:
        floor.call(db, "answered", 10, 70)
    assert [each.kind for each in findings(floor.board(600), floor.rules)] == ["service_level_percent"]
