"""Conferences: start and end, who hears whom, REST and status callbacks."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.exchange.conference_documents import enters
from tests.exchange.web_application import AGENT, CALLER, HOTLINE, OTHER, PhoneCall, RunningExchange

CALLBACK = 'statusCallback="/conf" statusCallbackEvent="start end join leave mute hold modify"'


def told(running: RunningExchange) -> list[str]:
    return [hit.form["StatusCallbackEvent"] for hit in running.app.asked("/conf")]


def heard(call: PhoneCall) -> list[str]:
    return [event["text"] for event in call.events("say") if event["voice"] == "person"]


def test_it_starts_with_two_of_whom_one_may_start_it_and_all_hear_each_other(running: RunningExchange) -> None:
    first = enters(running, CALLER, 'startConferenceOnEnter="false"')
    [conference] = running.client().conferences.list()
    assert conference.status == "init"
    second = enters(running, OTHER)
    assert running.client().conferences(conference.sid or "").fetch().status == "in-progress"
    third = enters(running, AGENT)
    first.say("你好")
    assert (heard(first), heard(second), heard(third)) == ([], ["你好"], ["你好"])
    for call in (first, second, third):
        call.hang_up().over()
    assert running.client().conferences(conference.sid or "").fetch().status == "completed"


def test_nobody_who_may_start_it_means_nobody_is_heard(running: RunningExchange) -> None:
    first, second = (enters(running, each, 'startConferenceOnEnter="false"') for each in (CALLER, OTHER))
    first.say("喂")
    assert heard(second) == []
    first.hang_up()
    second.hang_up()


def test_its_wait_twiml_runs_once_and_then_there_is_silence(running: RunningExchange) -> None:
    running.app["/wait"] = "<Say>请稍候</Say>"
    first = enters(running, CALLER, 'waitUrl="/wait" waitMethod="GET"')
    first.silence().silence()
    assert [hit.method for hit in running.app.asked("/wait")] == ["GET"]
    second = enters(running, OTHER)
    first.hang_up()
    second.hang_up()


def test_end_conference_on_exit_ends_it_for_all_and_their_documents_go_on(running: RunningExchange) -> None:
    first = enters(running, CALLER, CALLBACK, "<Say>goodbye</Say>")
    second = enters(running, OTHER, 'endConferenceOnExit="true"')
    second.hang_up()
    first.over()
    assert first.said() == ["goodbye"]
    running.app.await_hits("/conf", 6)
    assert sorted(told(running)) == sorted(["participant-join", "participant-join", "conference-start",
                                           "participant-leave", "conference-end", "participant-leave"])  # fmt: skip
    forms = [hit.form for hit in running.app.asked("/conf")]
    assert [form["SequenceNumber"] for form in forms] == [str(n) for n in range(6)]
    end = next(form for form in forms if form["StatusCallbackEvent"] == "conference-end")
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert end["CallSidEndingConference"] == second.sid
    reasons = {f["CallSid"]: f["ReasonParticipantLeft"] for f in forms if "ReasonParticipantLeft" in f}
    assert reasons == {first.sid: "moderator_ended_conference", second.sid: "participant_hung_up"}


def test_a_dial_into_a_conference_is_answered_without_sid_or_duration(running: RunningExchange) -> None:
    running.app["/voice"] = '<Dial action="/dialled" hangupOnStar="true"><Conference>room</Conference></Dial>'
    call = running.call()
    call.hear("connected")
    call.press("*").over()
    form = running.app.asked("/dialled")[0].form
    assert (form["DialCallStatus"], "DialCallSid" in form, "DialCallDuration" in form) == ("answered", False, False)


def test_rest_mutes_and_unmutes_a_participant(running: RunningExchange) -> None:
    first, second = enters(running, CALLER, CALLBACK), enters(running, OTHER)
    [conference] = running.client().conferences.list(friendly_name="room", status="in-progress")
    participant = running.client().conferences(conference.sid or "").participants(first.sid)
    assert participant.update(muted=True).muted is True
    first.say("听得到吗")
    second.say("听不到")
    participant.update(muted=False)
    first.say("现在呢")
    assert (heard(second), heard(first)) == (["现在呢"], ["听不到"])
    running.app.await_hits("/conf", 5)
    assert told(running)[-2:] == ["participant-mute", "participant-unmute"]
    first.hang_up()
    second.hang_up()


def test_rest_holds_a_participant_who_then_hears_the_hold_document_by_get(running: RunningExchange) -> None:
    first, second = enters(running, CALLER), enters(running, OTHER)
    running.app["/hold"] = "<Say>请不要挂机</Say>"
    [conference] = running.client().conferences.list()
    participant = running.client().conferences(conference.sid or "").participants(first.sid)
    assert participant.update(hold=True, hold_url=f"{running.app.base}/hold").hold is True
    first.hear("say")
    second.say("客户听不到")
    assert (first.said(), [hit.method for hit in running.app.asked("/hold")]) == (["请不要挂机"], ["GET"])
    participant.update(hold=False)
    second.say("让您久等了")
    assert heard(first) == ["让您久等了"]
    first.hang_up()
    second.hang_up()


def test_a_coach_is_heard_by_the_coached_alone_and_hears_all(running: RunningExchange) -> None:
    customer, agent = enters(running, CALLER), enters(running, AGENT)
    supervisor = enters(running, OTHER, f'coach="{agent.sid}" participantLabel="supervisor"')
    supervisor.say("先安抚客户")
    customer.say("我很着急")
    assert (heard(agent), heard(customer), heard(supervisor)) == (["先安抚客户", "我很着急"], [], ["我很着急"])
    [conference] = running.client().conferences.list()
    update = running.client().conferences(conference.sid or "").participants("supervisor").update
    assert update(coaching=False).coaching is False
    supervisor.say("您好，我是主管")
    assert heard(customer) == ["您好，我是主管"]
    for call in (customer, agent, supervisor):
        call.hang_up()


def test_coaching_a_call_that_is_not_there_is_13240(running: RunningExchange) -> None:
    running.app["/voice"] = f'<Dial><Conference coach="CA{"0" * 32}">room</Conference></Dial>'
    call = running.call()
    call.over()
    assert call.events("error")[0]["code"] == 13240


def test_a_label_that_is_taken_goes_on_to_the_next_verb(running: RunningExchange) -> None:
    first = enters(running, CALLER, 'participantLabel="a"')
    running.app["/voice"] = '<Dial><Conference participantLabel="a">room</Conference></Dial><Say>next</Say>'
    second = running.call(OTHER)
    second.over()
    assert (second.warned(), second.said()) == ([16025], ["next"])
    first.hang_up()


def test_rest_sends_a_participant_out_and_ends_the_conference(running: RunningExchange) -> None:
    first, second = enters(running, CALLER, CALLBACK, "<Say>out</Say>"), enters(running, OTHER, "", "<Say>out</Say>")
    client = running.client()
    [conference] = client.conferences.list()
    room = client.conferences(conference.sid or "")
    assert room.participants(first.sid).delete()
    first.over()
    assert [p.call_sid for p in room.participants.list()] == [second.sid]
    assert room.update(status="completed").status == "completed"
    second.over()
    assert (first.said(), second.said()) == (["out"], ["out"])
    assert room.fetch().reason_conference_ended == "conference-ended-via-api"
    with pytest.raises(TwilioRestException) as gone:
        room.participants(second.sid).fetch()
    assert gone.value.code == 20404


def test_rest_calls_somebody_in(running: RunningExchange) -> None:
    first = enters(running, CALLER)
    running.register(OTHER)
    client = running.client()
    [conference] = client.conferences.list()
    room = client.conferences(conference.sid or "")
    invited = room.participants.create(from_=HOTLINE, to=OTHER, label="expert", end_conference_on_exit=True)
    assert (invited.status, invited.label) == ("queued", "expert")
    expert = running.ringing_call(OTHER).answer()
    expert.hear("connected")
    assert {p.label: p.end_conference_on_exit for p in room.participants.list()} == {None: False, "expert": True}
    expert.say("您好")
    assert heard(first) == ["您好"]
    expert.hang_up()
    first.over()


def test_an_announcement_is_heard_by_everybody(running: RunningExchange) -> None:
    first, second = enters(running, CALLER), enters(running, OTHER)
    running.app["/notice"] = "<Say>本次通话将被录音</Say>"
    [conference] = running.client().conferences.list()
    running.client().conferences(conference.sid or "").update(announce_url=f"{running.app.base}/notice")
    assert [call.hear("say")["text"] for call in (first, second)] == ["本次通话将被录音"] * 2
    second.say("好")
    assert heard(first) == ["好"]
    first.hang_up()
    second.hang_up()


def test_a_caller_may_be_moved_from_a_conference_by_rest(running: RunningExchange) -> None:
    first, second = enters(running, CALLER), enters(running, OTHER)
    running.app["/survey"] = "<Say>survey</Say>"
    running.client().calls(first.sid).update(url=f"{running.app.base}/survey")
    first.over()
    assert first.said() == ["survey"]
    second.hang_up()
