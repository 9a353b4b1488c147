"""Dial timeLimit: the conversation ends by itself, and the document of whoever dialled goes on."""

import pytest

from tests.exchange.conference_documents import enters
from tests.exchange.waiting import agent_dials, queued
from tests.exchange.web_application import CALLER, OTHER, Office


@pytest.mark.parametrize("noun", [OTHER, f"<Number>{OTHER}</Number>"])
def test_it_ends_the_conversation_with_a_number_not_the_callers_call(office: Office, noun: str) -> None:
    office.app["/voice"] = f'<Dial action="/dialled" timeLimit="1">{noun}</Dial>'
    office.app["/dialled"] = "<Say>time is up</Say>"
    office.register(OTHER)
    call = office.call()
    child = office.rung(OTHER).answer()
    assert child.over()["state"] == "completed"
    call.over()
    [form] = [hit.form for hit in office.app.asked("/dialled")]
    assert (form["DialCallStatus"], form["DialBridged"], form["CallStatus"]) == ("completed", "true", "in-progress")
    assert call.said() == ["time is up"]


def test_it_ends_the_conversation_with_a_caller_taken_from_a_queue(office: Office) -> None:
    call = queued(office)
    agent = agent_dials(office, '<Dial action="/dialled" timeLimit="1"><Queue>人工服务</Queue></Dial>')
    agent.over()
    call.over()
    assert office.app.asked("/dialled")[0].form["DialCallStatus"] == "completed"
    assert office.app.asked("/left")[0].form["QueueResult"] == "bridged"


def test_it_takes_the_caller_out_of_a_conference_that_goes_on(office: Office) -> None:
    office.app["/voice"] = '<Dial action="/dialled" timeLimit="1"><Conference>room</Conference></Dial>'
    first = office.call(CALLER)
    first.hear("connected")
    second = enters(office, OTHER)
    first.over()
    assert office.app.asked("/dialled")[0].form["DialCallStatus"] == "answered"
    assert second.news()["state"] == "in-progress"
    second.hang_up()
