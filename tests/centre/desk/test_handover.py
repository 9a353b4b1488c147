"""A caller and an agent meet, talk and part: real HTTP, real voice of the exchange, both databases."""

from tests.support.centre import Centre
from tests.support.hotline import QUERY, WANG


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
    centre.until(
        lambda: centre.one("select ended_at is not null from calls"), 1 if centre.means.database.is_sqlite else True
    )


def test_the_customer_keys_a_password_that_no_agent_hears_and_comes_back_proven(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial()
    number, line = agent.talks()
    centre.until(lambda: agent.interaction(number).recording_id is not None)
    assert agent.interaction(number).level == "none"
    asked = len(caller.events("listening"))
    agent.verify("query")
    centre.asked(caller, asked + 1)
    assert agent.interaction(number).state == "verifying"
    caller.press("1")  # the registered mobile calls: that is their name
    centre.asked(caller, asked + 2)
    caller.press(QUERY[WANG])
    centre.until(lambda: agent.interaction(number).state, "talking")
    found = agent.interaction(number)
    assert (found.level, found.customer_id) == ("query", "wang_fang")
    assert QUERY[WANG] not in "".join(line.said())
    line.say("验证通过了")
    centre.until(lambda: any("验证通过了" in said for said in caller.said()))
    agent.hangs_up(number)
    centre.until(lambda: any("感谢您的来电" in said for said in caller.said()))


def test_a_self_service_that_failed_goes_on_at_its_step(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial(keys=f"1 2 1 {QUERY[WANG]} 0")
    number, _ = agent.talks()
    asked = len(caller.events("listening"))
    agent.sends_back()
    centre.asked(caller, asked + 1)
    assert (agent.interaction(number).state, agent.state) == ("ended", "wrap_up")
    assert centre.one("select failed_step from queued_calls") == "balance.next"
    again = caller.said()[-1]
    assert sum(said.endswith(again) for said in caller.said()) == 2, "the menu that was left is heard again"
