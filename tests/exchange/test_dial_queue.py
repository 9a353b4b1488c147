"""Dial Queue: an agent takes the caller who waited longest."""

from flask import Response

from exchange import media
from tests.exchange.waiting import agent_dials, queued
from tests.exchange.web_application import AGENT, CALLER, OTHER, RunningExchange


def test_an_agent_who_dials_the_queue_talks_to_the_caller_and_the_action_follows_the_conversation(
    running: RunningExchange,
) -> None:
    call = queued(running)
    agent = agent_dials(running)
    assert (call.hear("connected")["with"], agent.hear("connected")["with"]) == (AGENT, CALLER)
    call.say("我要查账")
    agent.say("请稍等")
    assert (agent.hear("say")["text"], call.hear("say")["text"]) == ("我要查账", "请稍等")
    assert running.app.asked("/left") == []
    running.app["/left"] = "<Say>请评价</Say>"
    agent.hang_up().over()
    call.over()
    assert running.app.asked("/left")[0].form["QueueResult"] == "bridged"
    assert call.said()[-1] == "请评价"
    dialled = running.app.await_hits("/dialled")[0].form
    assert (dialled["DialCallStatus"], dialled["CallStatus"]) == ("completed", "completed")
    assert dialled["DialCallSid"] == call.sid


def test_the_callers_hanging_up_sends_the_agent_to_the_dial_action(running: RunningExchange) -> None:
    call = queued(running)
    running.app["/dialled"] = "<Say>wrap up</Say>"
    agent = agent_dials(running)
    agent.hear("connected")
    call.hang_up()
    assert agent.over()["state"] == "completed"
    assert running.app.asked("/dialled")[0].form["DialBridged"] == "true"
    assert agent.said() == ["wrap up"]
    left = running.app.await_hits("/left")[0].form
    assert (left["CallStatus"], left["QueueResult"]) == ("completed", "bridged")


def test_the_queue_url_runs_on_the_waiting_callers_leg_before_both_talk(running: RunningExchange) -> None:
    call = queued(running)
    running.app["/greeting"] = "<Say>工号 7 为您服务</Say>"
    agent = agent_dials(running, '<Dial><Queue url="/greeting">人工服务</Queue></Dial>')
    call.hear("connected")
    form = running.app.asked("/greeting")[0].form
    assert (form["CallSid"], form["DequeingCallSid"]) == (call.sid, agent.sid)
    assert form["QueueSid"].startswith("QU")
    assert (call.said(), agent.said()) == (["工号 7 为您服务"], [])
    agent.hang_up()


def test_the_caller_who_waited_longest_is_answered_first(running: RunningExchange) -> None:
    first, second = queued(running), queued(running, OTHER)
    agent = agent_dials(running, "<Dial><Queue>人工服务</Queue></Dial><Dial><Queue>人工服务</Queue></Dial>")
    assert agent.hear("connected")["with"] == CALLER
    first.hang_up()
    assert agent.hear("connected", 2)["with"] == OTHER
    second.hang_up()


def test_an_empty_queue_keeps_the_dialler_waiting_until_somebody_comes(running: RunningExchange) -> None:
    running.client().queues.create(friendly_name="人工服务")
    agent = agent_dials(running)
    call = queued(running)
    assert agent.hear("connected")["with"] == CALLER
    call.hang_up()


def test_an_empty_queue_is_no_answer_after_the_timeout(running: RunningExchange) -> None:
    running.client().queues.create(friendly_name="人工服务")
    agent_dials(running).silence().over()
    assert running.app.asked("/dialled")[0].form["DialCallStatus"] == "no-answer"


def test_a_queue_that_does_not_exist_fails(running: RunningExchange) -> None:
    agent_dials(running).over()
    assert running.app.asked("/dialled")[0].form["DialCallStatus"] == "failed"


def test_a_caller_redirected_out_of_the_conversation_is_redirected_from_bridged(running: RunningExchange) -> None:
    call = queued(running)
    agent = agent_dials(running)
    agent.hear("connected")
    call.hear("connected")
    running.app["/survey"] = "<Say>survey</Say>"
    running.client().calls(call.sid).update(url=f"{running.app.base}/survey")
    call.over()
    assert (call.said(), running.app.asked("/left")[0].form["QueueResult"]) == (["survey"], "redirected-from-bridged")
    assert "DialCallDuration" not in running.app.await_hits("/dialled")[0].form


def test_two_agents_who_dial_at_once_get_two_callers(running: RunningExchange) -> None:
    running.client().queues.create(friendly_name="人工服务")
    dial = "<Dial><Queue>人工服务</Queue></Dial>"
    agents = [agent_dials(running, dial, to=f"client:agent{number}") for number in (1, 2)]
    callers = [queued(running), queued(running, OTHER)]
    assert {agent.hear("connected")["with"] for agent in agents} == {CALLER, OTHER}
    for call in callers:
        call.hang_up()


def test_an_agent_who_hangs_up_during_the_greeting_leaves_the_caller_to_the_action(running: RunningExchange) -> None:
    call = queued(running)
    running.app["/greeting"] = '<Play loop="0">/tone</Play>'
    running.app["/tone"] = lambda _: Response(media.silence(1, 1), content_type="audio/wav")
    agent = agent_dials(running, '<Dial><Queue url="/greeting">人工服务</Queue></Dial>')
    call.hear("play")
    agent.hang_up().over()
    call.silence().over()
    assert running.app.asked("/left")[0].form["QueueResult"] == "bridging-in-process"


def test_the_phone_is_told_that_it_left_the_queue_before_it_is_connected(running: RunningExchange) -> None:
    call = queued(running)
    agent = agent_dials(running)
    call.hear("connected")
    agent.hang_up()
    call.over()
    kinds = [event["type"] for event in call.news()["events"]]
    assert [kind for kind in kinds if kind in ("queued", "left_queue", "connected")] == [
        "queued", "left_queue", "connected",
    ]  # fmt: skip
