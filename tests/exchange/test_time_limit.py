"""Dial timeLimit: the conversation ends, and the dialling leg's document continues."""

import pytest

from tests.exchange.conference_documents import enters
from tests.exchange.waiting import agent_dials, queued
from tests.exchange.web_application import CALLER, OTHER, RunningExchange


@pytest.mark.parametrize("noun", [OTHER, f"<Number>{OTHER}</Number>"])
def test_it_ends_the_conversation_with_a_number_not_the_callers_call(running: RunningExchange, noun: str) -> None:
    running.app["/voice"] = f'<Dial action="/dialled" timeLimit="1">{noun}</Dial>'
    running.app["/dialled"] = "<Say>time is up</Say>"
    running.register(OTHER)
    call = running.call()
    child = running.ringing_call(OTHER).answer()
    assert child.over()["state"] == "completed"
    call.over()
    [form] = [hit.form for hit in running.app.asked("/dialled")]
    assert (form["DialCallStatus"], form["DialBridged"], form["CallStatus"]) == ("completed", "true", "in-progress")
    assert call.said() == ["time is up"]


def test_it_ends_the_conversation_with_a_caller_taken_from_a_queue(running: RunningExchange) -> None:
    call = queued(running)
    agent = agent_dials(running, '<Dial action="/dialled" timeLimit="1"><Queue>人工服务</Queue></Dial>')
    agent.over()
    call.over()
    assert running.app.asked("/dialled")[0].form["DialCallStatus"] == "completed"
    assert running.app.asked("/left")[0].form["QueueResult"] == "bridged"


def test_it_takes_the_caller_out_of_a_conference_that_goes_on(running: RunningExchange) -> None:
    running.app["/voice"] = '<Dial action="/dialled" timeLimit="1"><Conference>room</Conference></Dial>'
    first = running.call(CALLER)
    first.hear("connected")
    second = enters(running, OTHER)
    first.over()
    assert running.app.asked("/dialled")[0].form["DialCallStatus"] == "answered"
    assert second.news()["state"] == "in-progress"
    second.hang_up()
