"""A caller and an agent meet, talk and part: real HTTP, real voice of the exchange, both databases."""

from tests.support.centre import Centre


def test_a_caller_is_offered_answered_talked_to_and_written_up(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial()
    number, line = agent.talks()
    assert agent.state == "talking"
    line.say("您好，请问有什么可以帮您？")
    caller.hear("connected")
    centre.until(lambda: any("请问有什么可以帮您" in said for said in caller.said()))
    assert any("本次通话将被录音" in said for said in caller.said())
    caller.say("我想查一下余额")
    centre.until(lambda: any("我想查一下余额" in said for said in line.said()))
    agent.hangs_up(number)
    centre.until(lambda: any("感谢您的来电" in said for said in caller.said()))
    centre.until(lambda: agent.interaction(number).recording_id is not None)
    assert agent.state == "wrap_up"
    agent.wraps_up(number)
    assert agent.state == "ready"
    assert centre.one("select state from wrap_ups") == "submitted"
    centre.until(lambda: centre.one("select ended_at is not null from calls"), 1 if centre.means.database.is_sqlite else True)
