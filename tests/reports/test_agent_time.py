"""An agent's day by a table computed by hand: states across midnight, occupancy, workload."""

from datetime import timedelta

import pytest

from ivr.centre.queues.models import AgentChange
from ivr.db import work
from ivr.reports import agent_time
from tests.reports.conftest import MONDAY, Books

DAY = timedelta(days=1)


def change(minutes: int, state: str, cause: str = "staff:agent1") -> AgentChange:
    return AgentChange(agent_id="agent1", at=MONDAY + timedelta(minutes=minutes), state=state, reason="", cause=cause)


def test_each_state_is_counted_inside_the_time_that_is_looked_at() -> None:
    states = ((-60, "ready"), (10, "talking"), (25, "wrap_up"), (30, "not_ready"), (200, "x"))
    changes = [change(*each) for each in states]
    found = agent_time.spells(changes, MONDAY, MONDAY + timedelta(minutes=60))
    assert [(each.state, each.seconds / 60) for each in found] == [
        ("ready", 10), ("talking", 15), ("wrap_up", 5), ("not_ready", 30),
    ]  # fmt: skip
    spent = agent_time.seconds_in(found)
    assert agent_time.occupancy(spent) == pytest.approx(20 / 30)
    assert agent_time.occupancy({"not_ready": 60.0}) is None
    assert agent_time.spells([], MONDAY, MONDAY + DAY) == []


def test_the_state_at_midnight_is_that_of_the_evening_before(books: Books) -> None:
    with work(books.database) as db:
        db.add_all([change(-90, "ready"), change(30, "not_ready"), change(-3 * 24 * 60, "signed_out")])
    with books.look() as db:
        changes = agent_time.changes_of(db, MONDAY, MONDAY + DAY)
    found = agent_time.spells(changes["agent1"], MONDAY, MONDAY + timedelta(hours=1))
    assert [(each.state, each.seconds / 60) for each in found] == [("ready", 30), ("not_ready", 30)]


def test_workload_counts_talks_of_each_kind_with_their_time(books: Books) -> None:
    call = books.call()
    stay = books.stay(call, "answered")
    books.talk(call, stay, talked=100, held=20, wrapped=30)
    books.talk(call, None, talked=50, wrapped=10, kind="callback")
    books.talk(call, None, "agent2", talked=5, wrapped=0, kind="transfer")
    with books.look() as db:
        found = agent_time.workloads(db, MONDAY, MONDAY + DAY)
        assert agent_time.workloads(db, MONDAY + DAY, MONDAY + 2 * DAY) == {}
    assert dict(found["agent1"].talks) == {"inbound": 1, "callback": 1}
    assert found["agent1"].seconds == pytest.approx(210)
    assert dict(found["agent2"].talks) == {"transfer": 1}
