"""An agent's line breaks in a talk: an apology, the same agent for 20 s, then the front of the queue."""

from ivr.centre.queues.models import Agent
from tests.exchange.web_application import PhoneCall
from tests.support.centre import Centre, states
from tests.support.hotline import LI, QUERY, WANG

APOLOGY = "与客服人员的通话中断"


def _counts(centre: Centre, statement: str) -> int:
    return int(centre.one(statement))


def test_the_same_agent_is_back_within_the_time_and_the_talk_goes_on(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    number, line = agent.talks()
    line.hang_up()
    centre.until(lambda: agent.interaction(number).state, "reconnecting")
    centre.until(lambda: any(APOLOGY in said for said in caller.said()))
    assert agent.state == "talking"
    again = agent.picks_up()
    centre.until(lambda: agent.interaction(number).state, "talking")
    centre.until(lambda: _counts(centre, "select count(*) from provider_orders where state = 'waiting'"), 0)
    again.say("我回来了")
    centre.until(lambda: "我回来了" in caller.said())
    caller.say("好的")
    centre.until(lambda: "好的" in again.said())
    agent.hangs_up(number)
    centre.until(lambda: any("感谢您的来电" in said for said in caller.said()))
    assert agent.interaction(number).ended_by == "agent"


def test_a_line_that_does_not_come_back_sends_the_customer_to_the_front_of_the_queue(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    number, line = agent.talks()
    _, _, since, rank = centre.place(caller)
    centre.clock.forward(minutes=11)  # longer than anybody may wait: it is a new stay
    other = centre.dial(LI)
    centre.agent("agent2", ready=False)
    line.hang_up()
    centre.until(lambda: agent.interaction(number).state, "reconnecting")
    for call in (1, 2):  # each call to the same agent fails, and another follows
        centre.until_later(lambda call=call: len(agent._calls()) > call)  # type: ignore[misc]
        PhoneCall(centre.office.api, agent._calls()[call]).do("hangup")
    centre.rings_nobody(20)
    centre.until(lambda: agent.interaction(number).ended_by, "agent_lost")
    assert agent.state == "wrap_up"
    queue, state, entered, ranked = centre.place(caller)
    assert (queue, state, ranked) == ("general", "waiting", rank)
    assert entered > since
    second = centre.agent("agent2")
    second.ready()
    _, line = second.talks()
    line.say("您好")
    centre.until(lambda: "您好" in caller.said())
    assert centre.place(other)[1] == "waiting"
    assert states(centre)["interactions"] == ["ended", "talking"]


def test_a_customer_who_hangs_up_meanwhile_is_over_and_the_agent_writes_it_up(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    number, line = agent.talks()
    agent.holds()
    line.hang_up()
    centre.until(lambda: agent.interaction(number).state, "reconnecting")
    caller.hang_up()
    centre.until(lambda: agent.state, "wrap_up")
    assert agent.interaction(number).ended_by == "customer"
    assert _counts(centre, "select count(*) from queued_calls") == 1


def test_the_receiver_of_a_telephone_that_is_put_down_ends_the_talk(quick_centre: Centre) -> None:
    centre = quick_centre
    agent, caller = centre.agent(), centre.dial()
    number, line = agent.talks()
    with centre.work() as db:
        db.get_one(Agent, "agent1").device = "telephone"
    line.hang_up()
    centre.until(lambda: agent.state, "wrap_up")
    assert agent.interaction(number).ended_by == "agent"
    centre.until(lambda: any("感谢您的来电" in said for said in caller.said()))


def test_a_line_that_breaks_while_a_password_is_keyed_is_there_when_the_customer_comes_back(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    number, line = agent.talks()
    centre.until(lambda: agent.interaction(number).recording_id is not None)
    asked = len(caller.events("listening"))
    agent.verify("query")
    centre.asked(caller, asked + 1)
    line.hang_up()
    again = agent.picks_up()
    caller.press("1")
    centre.asked(caller, asked + 2)
    caller.press(QUERY[WANG])
    centre.until(lambda: agent.interaction(number).state, "talking")
    assert agent.interaction(number).level == "query"
    again.say("验证通过了")
    centre.until(lambda: "验证通过了" in caller.said())
