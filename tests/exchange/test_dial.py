"""Dial to telephones: who is rung, what is reported, and which document continues after the conversation."""

import pytest

from exchange.handset import Handset
from exchange.leg import Leg
from tests.exchange.web_application import AGENT, CALLER, HOTLINE, OTHER, PhoneCall, RunningExchange

DIAL = f'<Dial action="/dialled"><Number>{OTHER}</Number></Dial><Say>not after an action</Say>'


def dials(running: RunningExchange, twiml: str = DIAL) -> PhoneCall:
    running.app["/voice"] = twiml
    running.register(OTHER)
    running.register(AGENT)
    return running.call()


def leg_of(running: RunningExchange, phone: PhoneCall) -> Leg:
    return running.exchange._board.legs[phone.sid]


def dialled(running: RunningExchange) -> dict[str, str]:
    """What the Dial's action was told."""
    return running.app.await_hits("/dialled")[0].form


def test_an_answered_number_talks_and_its_hanging_up_leads_to_the_action(running: RunningExchange) -> None:
    call = dials(running)
    running.app["/dialled"] = "<Say>goodbye</Say>"
    child = running.ringing_call(OTHER).answer()
    assert (call.hear("connected")["with"], child.hear("connected")["with"]) == (OTHER, CALLER)
    call.say("喂")
    child.say("你好")
    assert (child.hear("say")["text"], call.hear("say")["text"]) == ("喂", "你好")
    child.hang_up()
    call.over()
    form = dialled(running)
    assert (form["DialCallStatus"], form["DialBridged"], form["DialCallSid"]) == ("completed", "true", child.sid)
    assert form["DialCallDuration"].isdigit()
    assert call.said()[-1] == "goodbye"


def test_dial_without_action_continues_with_the_next_verb(running: RunningExchange) -> None:
    call = dials(running, f"<Dial>{OTHER}</Dial><Say>next</Say>")
    running.ringing_call(OTHER).answer().hang_up()
    call.over()
    assert call.said()[-1] == "next"


def test_a_rejected_call_is_busy(running: RunningExchange) -> None:
    call = dials(running)
    running.ringing_call(OTHER).act("reject")
    call.over()
    assert (dialled(running)["DialCallStatus"], dialled(running)["DialBridged"]) == ("busy", "false")


def test_a_phone_in_use_is_busy(running: RunningExchange) -> None:
    running.app["/voice"] = "<Gather/>"
    engaged = running.call(OTHER)
    engaged.hear("listening")
    dials(running).over()
    assert dialled(running)["DialCallStatus"] == "busy"
    engaged.hang_up()


@pytest.mark.parametrize("who", ["caller", "called"])
def test_the_timeout_is_no_answer(running: RunningExchange, who: str) -> None:
    call = dials(running)
    child = running.ringing_call(OTHER)
    (call if who == "caller" else child).silence()
    call.over()
    assert dialled(running)["DialCallStatus"] == "no-answer"
    assert child.over()["state"] == "no-answer"


def test_a_number_without_a_phone_is_no_answer_at_once(running: RunningExchange) -> None:
    running.app["/voice"] = '<Dial action="/dialled"><Number>+8613700137000</Number></Dial>'
    running.call().over()
    assert dialled(running)["DialCallStatus"] == "no-answer"


@pytest.mark.parametrize(
    ("twiml", "code"),
    [
        ('<Dial action="/dialled"><Number>12</Number></Dial>', 13224),
        ('<Dial action="/dialled"/>', 13224),
        (f'<Dial action="/dialled" callerId="+8613700137000">{OTHER}</Dial>', 13214),
        (f'<Dial action="/dialled">{f"<Number>{OTHER}</Number>" * 11}</Dial>', 13224),
    ],
)
def test_a_dial_that_cannot_be_made_fails_with_a_warning(running: RunningExchange, twiml: str, code: int) -> None:
    call = dials(running, twiml)
    call.over()
    assert (call.warned(), dialled(running)["DialCallStatus"]) == ([code], "failed")


def test_the_caller_id_is_the_callers_own_unless_the_dial_says_otherwise(running: RunningExchange) -> None:
    call = dials(running, f'<Dial>{OTHER}</Dial><Dial callerId="{HOTLINE}">{OTHER}</Dial>')
    running.ringing_call(OTHER).act("reject")
    running.ringing_call(OTHER, 2).act("reject")
    call.over()
    assert [event["from"] for event in running.inbox(OTHER)] == [CALLER, HOTLINE]


def test_a_client_is_rung_by_its_identity(running: RunningExchange) -> None:
    call = dials(running, '<Dial action="/dialled"><Client><Identity>agent7</Identity></Client></Dial>')
    child = running.ringing_call(AGENT).answer()
    call.hear("connected")
    call.hang_up()
    assert child.over()["state"] == "completed"
    form = dialled(running)
    assert (form["CallStatus"], form["DialCallStatus"]) == ("completed", "completed")


def test_the_first_to_answer_wins_and_the_others_stop_ringing(running: RunningExchange) -> None:
    call = dials(running, f'<Dial action="/dialled"><Number>{OTHER}</Number><Client>agent7</Client></Dial>')
    loser, winner = running.ringing_call(OTHER), running.ringing_call(AGENT)
    winner.answer()
    assert call.hear("connected")["with"] == AGENT
    assert loser.over()["state"] == "canceled"
    call.hang_up()


def test_sequential_rings_the_next_when_the_first_does_not_answer(running: RunningExchange) -> None:
    call = dials(running, f'<Dial sequential="true"><Number>{OTHER}</Number><Client>agent7</Client></Dial>')
    running.ringing_call(OTHER).act("reject")
    running.ringing_call(AGENT).answer()
    assert call.hear("connected")["with"] == AGENT
    call.hang_up()


def test_a_caller_who_hangs_up_stops_the_ringing(running: RunningExchange) -> None:
    call = dials(running)
    child = running.ringing_call(OTHER)
    call.hang_up()
    assert child.over()["state"] == "canceled"
    assert (dialled(running)["CallStatus"], dialled(running)["DialCallStatus"]) == ("completed", "canceled")


def test_a_numbers_url_runs_on_the_called_side_before_it_is_connected(running: RunningExchange) -> None:
    call = dials(running, f'<Dial><Number url="/screen">{OTHER}</Number></Dial>')
    running.app["/screen"] = '<Gather numDigits="1" action="/accept"><Say>press 1</Say></Gather><Hangup/>'
    child = running.ringing_call(OTHER).answer()
    child.hear("listening")
    assert call.events("connected") == []
    child.press("1")
    call.hear("connected")
    form = running.app.asked("/screen")[0].form
    assert (form["ParentCallSid"], form["Direction"], form["CallSid"]) == (call.sid, "outbound-dial", child.sid)
    call.hang_up()


def test_a_screened_out_call_was_answered_but_not_bridged(running: RunningExchange) -> None:
    call = dials(running, f'<Dial action="/dialled"><Number url="/screen">{OTHER}</Number></Dial>')
    running.app["/screen"] = "<Gather numDigits='1'/><Hangup/>"
    running.ringing_call(OTHER).answer().silence()
    call.over()
    assert (dialled(running)["DialCallStatus"], dialled(running)["DialBridged"]) == ("completed", "false")


def test_a_call_answered_and_put_down_at_once_was_answered_and_is_completed(running: RunningExchange) -> None:
    number = f'<Number statusCallback="/leg" statusCallbackEvent="answered completed">{OTHER}</Number>'
    call = dials(running, f'<Dial action="/dialled">{number}</Dial>')
    leg = leg_of(running, running.ringing_call(OTHER))
    with leg.channel.changed:  # the leg's own thread cannot run in between
        Handset(leg).answer({})
        Handset(leg).hang_up()
    call.over()
    assert dialled(running)["DialCallStatus"] == "completed"
    assert [hit.form["CallStatus"] for hit in running.app.await_hits("/leg", 2)] == ["in-progress", "completed"]


def test_of_two_who_answer_at_the_same_moment_one_is_connected_and_the_other_let_go(running: RunningExchange) -> None:
    call = dials(running, f"<Dial><Number>{OTHER}</Number><Client>agent7</Client></Dial>")
    phones = {OTHER: running.ringing_call(OTHER), AGENT: running.ringing_call(AGENT)}
    legs = [leg_of(running, phone) for phone in phones.values()]
    with legs[0].channel.changed:
        for leg in legs:
            Handset(leg).answer({})
    winner = call.hear("connected")["with"]
    [loser] = [phone for number, phone in phones.items() if number != winner]
    assert (loser.over()["state"], loser.events("connected")) == ("completed", [])
    call.hang_up()


def test_screening_allows_no_dial(running: RunningExchange) -> None:
    call = dials(running, f'<Dial><Number url="/screen">{OTHER}</Number></Dial>')
    running.app["/screen"] = "<Dial>+8613700137000</Dial>"
    child = running.ringing_call(OTHER).answer()
    call.hear("connected")
    assert child.warned() == [12200]
    call.hang_up()


def test_hangup_on_star_ends_the_conversation_not_the_callers_call(running: RunningExchange) -> None:
    call = dials(running, f'<Dial hangupOnStar="true">{OTHER}</Dial><Say>next</Say>')
    child = running.ringing_call(OTHER).answer()
    call.hear("connected")
    call.press("1").press("*")
    call.over()
    assert (child.over()["state"], call.said()) == ("completed", ["next"])


@pytest.mark.parametrize(("attribute", "answered"), [("", True), (' answerOnBridge="true"', False)])
def test_answer_on_bridge_keeps_the_caller_ringing(running: RunningExchange, attribute: str, answered: bool) -> None:
    call = dials(running, f"<Dial{attribute}>{OTHER}</Dial>")
    child = running.ringing_call(OTHER)
    assert bool(call.events("answered")) is answered
    child.answer()
    call.hear("connected")
    assert call.news()["state"] == "in-progress"
    call.hang_up()


def test_progress_of_a_number_is_reported_in_order(running: RunningExchange) -> None:
    events = "initiated ringing answered completed"
    call = dials(running, f'<Dial><Number statusCallback="/leg" statusCallbackEvent="{events}">{OTHER}</Number></Dial>')
    running.ringing_call(OTHER).answer().hang_up()
    call.over()
    hits = running.app.await_hits("/leg", 4)
    assert [h.form["CallStatus"] for h in hits] == ["initiated", "ringing", "in-progress", "completed"]
    assert [h.form["SequenceNumber"] for h in hits] == ["0", "1", "2", "3"]
    assert {h.form["ParentCallSid"] for h in hits} == {call.sid}


def test_the_called_leg_redirected_by_rest_leaves_the_caller_to_the_action_without_a_duration(
    running: RunningExchange,
) -> None:
    call = dials(running)
    child = running.ringing_call(OTHER).answer()
    call.hear("connected")
    running.app["/elsewhere"] = "<Say>elsewhere</Say>"
    running.client().calls(child.sid).update(url=f"{running.app.base}/elsewhere")
    child.over()
    assert child.said() == ["elsewhere"]
    form = dialled(running)
    assert (form["DialCallStatus"], "DialCallDuration" in form) == ("completed", False)


def test_a_recorded_dial_tells_its_recording(running: RunningExchange) -> None:
    call = dials(running, f'<Dial action="/dialled" record="record-from-answer-dual">{OTHER}</Dial>')
    running.ringing_call(OTHER).answer().hang_up()
    call.over()
    [recording] = running.client().recordings.list()
    assert dialled(running)["RecordingUrl"].endswith(recording.sid)
    assert (recording.channels, recording.source, recording.call_sid) == (2, "DialVerb", call.sid)
