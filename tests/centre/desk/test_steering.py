"""What a leader does about agents, callers and queues: real calls, both databases."""

from datetime import timedelta

import pytest

from ivr.centre.desk import steering
from ivr.centre.queues import closing
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from tests.support.centre import Centre

LEADER = Actor("staff", "leader1", frozenset({"leader"}))


def audited(centre: Centre) -> list[str]:
    return [
        row[0]
        for row in centre.hotline.ask("select deed from audit_entries where actor = 'staff:leader1' order by seq")
    ]


def test_an_agent_is_signed_out_at_once_or_after_the_talk(centre: Centre) -> None:
    agent, other = centre.agent(), centre.agent("agent2")
    with centre.work() as db:
        steering.sign_out(db, LEADER, "agent2", centre.clock())
    assert other.state == "signed_out"
    centre.dial()
    number, _ = agent.talks()
    with centre.work() as db:
        steering.sign_out(db, LEADER, "agent1", centre.clock())
    assert agent.state == "talking", "the customer keeps their agent"
    agent.hangs_up(number)
    agent.wraps_up(number)
    assert agent.state == "signed_out"
    assert audited(centre) == ["agent_signed_out"] * 2
    with pytest.raises(Refused, match="no_agent"), centre.work() as db:
        steering.sign_out(db, LEADER, "nobody", centre.clock())


def test_a_caller_who_is_moved_has_waited_as_long_and_is_answered_there(centre: Centre) -> None:
    centre.agent(ready=False)
    caller = centre.dial()
    entered = centre.one("select entered_at from queued_calls")
    entry = centre.one("select id from queued_calls")
    centre.until(lambda: centre.one("select queue_sid from queued_calls") is not None)
    with centre.work() as db:
        steering.move_call(db, LEADER, entry, "english", 0, centre.clock())
    assert centre.hotline.ask("select queue, entered_at, rank_at from queued_calls") == [("english", entered, entered)]
    agent = centre.agent("agent2")
    agent.talks()
    caller.hear("connected")
    assert audited(centre) == ["call_moved"]
    with pytest.raises(Refused, match="not_waiting"), centre.work() as db:
        steering.move_call(db, LEADER, entry, "general", 0, centre.clock())


def test_a_caller_for_whom_somebody_rings_is_not_moved(quick_centre: Centre) -> None:
    centre = quick_centre
    agent = centre.agent()
    centre.dial()
    agent.offered()
    entry = centre.one("select id from queued_calls")
    with pytest.raises(Refused, match="not_waiting"), centre.work() as db:
        steering.move_call(db, LEADER, entry, "english", 0, centre.clock())


def test_other_skills_count_from_the_next_decision_on(quick_centre: Centre) -> None:
    centre = quick_centre
    agent, _ = centre.agent(), centre.agent("agent2", ready=False)
    with centre.work() as db:
        steering.set_skills(db, LEADER, "agent1", {"english": 3}, centre.clock())
    centre.dial()
    centre.step()
    assert agent.state == "ready"
    with centre.work() as db:
        steering.set_skills(db, LEADER, "agent1", {"general": 3}, centre.clock())
    assert agent.offered()
    for skills, rule in (({}, "no_skill"), ({"general": 6}, "skill_level")):
        with pytest.raises(Refused, match=rule), centre.work() as db:
            steering.set_skills(db, LEADER, "agent1", skills, centre.clock())


def test_a_closed_queue_takes_nobody_tells_who_waits_and_opens_by_itself(centre: Centre) -> None:
    centre.agent("agent2", ready=False)
    waits = centre.dial()
    now = centre.clock()
    with centre.work() as db:
        closing.close(db, LEADER, "general", "fault", now + timedelta(minutes=30), now)
    late = centre.office.call("+8613912345678")
    for place, key in enumerate("10", 1):
        late.hear("listening", place)
        late.press(key)
    centre.until(lambda: any("人工客服暂时无法接听" in said for said in late.said()))
    assert centre.one("select count(*) from queued_calls") == 1
    waits.press("9")  # any key ends the music: the next round comes
    centre.until(lambda: any("因系统故障，本队列暂停受理新来电" in said for said in waits.said()))
    centre.clock.forward(minutes=30)
    centre.dial("+8615012340001")
    assert centre.one("select count(*) from queued_calls") == 2, "it takes callers again"
    assert audited(centre) == ["queue_closed"]


def test_a_closure_has_an_end_and_is_lifted_before_it(quick_centre: Centre) -> None:
    centre = quick_centre
    now = centre.clock()
    for until in (now, now + timedelta(hours=13)):
        with pytest.raises(Refused, match="closure_end"), centre.work() as db:
            closing.close(db, LEADER, "general", "busy", until, now)
    with pytest.raises(Refused, match="unknown_announcement"), centre.work() as db:
        closing.close(db, LEADER, "general", "lunch", now + timedelta(minutes=5), now)
    with pytest.raises(Refused, match="not_closed"), centre.work() as db:
        closing.reopen(db, LEADER, "general", now)
    with centre.work() as db:
        closing.close(db, LEADER, "general", "busy", now + timedelta(minutes=5), now)
    with centre.work() as db:
        closing.reopen(db, LEADER, "general", now)
        assert closing.closure_of(db, "general", now) is None
