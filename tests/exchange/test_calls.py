"""Calls placed, listed, redirected and ended by Twilio's own client."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException

from tests.exchange.web_application import AGENT, CALLER, HOTLINE, PhoneCall, RunningExchange

EVERY_EVENT = ["initiated", "ringing", "answered", "completed"]


def place(running: RunningExchange, to: str = CALLER, **more: object) -> PhoneCall:
    """A call placed by REST that rings now."""
    running.register(to)
    more = more or {"url": f"{running.app.base}/out"}
    running.client().calls.create(to=to, from_=HOTLINE, **more)
    return running.ringing_call(to)


def test_a_call_is_queued_rings_is_answered_and_runs_its_document(running: RunningExchange) -> None:
    running.app["/out"] = "<Say>您好，这里是银行</Say>"
    running.register(CALLER)
    made = running.client().calls.create(
        to=CALLER, from_=HOTLINE, url=f"{running.app.base}/out",
        status_callback=f"{running.app.base}/status", status_callback_event=EVERY_EVENT,
    )  # fmt: skip
    assert (made.status, made.direction, made.to) == ("queued", "outbound-api", CALLER)
    phone = running.ringing_call(CALLER)
    assert running.client().calls(made.sid or "").fetch().status == "ringing"
    phone.answer().over()
    assert phone.said() == ["您好，这里是银行"]
    form = running.app.asked("/out")[0].form
    assert (form["CallStatus"], form["Direction"], form["From"]) == ("in-progress", "outbound-api", HOTLINE)
    hits = running.app.await_hits("/status", 4)
    assert [hit.form["CallStatus"] for hit in hits] == ["initiated", "ringing", "in-progress", "completed"]
    assert running.client().calls(made.sid or "").fetch().status == "completed"


def test_only_completed_is_reported_by_default(running: RunningExchange) -> None:
    phone = place(running, url=f"{running.app.base}/out", status_callback=f"{running.app.base}/status")
    phone.answer().over()
    running.app.await_hits("/status")
    assert [hit.form["CallStatus"] for hit in running.app.asked("/status")] == ["completed"]


@pytest.mark.parametrize(
    ("action", "state", "code"), [("reject", "busy", "486"), ("silence", "no-answer", "487"), ("hangup", "busy", "486")]
)
def test_an_unanswered_call_ends_as_the_phone_made_it_end(
    running: RunningExchange, action: str, state: str, code: str
) -> None:
    phone = place(running, url=f"{running.app.base}/out", status_callback=f"{running.app.base}/status")
    phone.act(action)
    [hit] = running.app.await_hits("/status")
    assert (hit.form["CallStatus"], hit.form["SipResponseCode"], hit.form["CallDuration"]) == (state, code, "0")
    assert running.app.asked("/out") == []


def test_a_number_without_a_phone_is_no_answer(running: RunningExchange) -> None:
    running.client().calls.create(
        to="+8613700137000", from_=HOTLINE, url=f"{running.app.base}/out", status_callback=f"{running.app.base}/status"
    )
    [hit] = running.app.await_hits("/status")
    assert (hit.form["CallStatus"], hit.form["SipResponseCode"]) == ("no-answer", "480")


def test_twiml_handed_over_needs_no_server(running: RunningExchange) -> None:
    phone = place(running, twiml="<Response><Say>hello</Say></Response>").answer()
    phone.over()
    assert (phone.said(), running.app.hits) == (["hello"], [])


def test_twiml_handed_over_needs_absolute_actions(running: RunningExchange) -> None:
    phone = place(running, twiml='<Response><Gather action="/menu"/></Response>').answer()
    phone.press("1#").over()
    assert phone.events("error")[0]["code"] == 11100


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"url": "http://127.0.0.1/x", "to": "10086"}, 21211),
        ({"url": "http://127.0.0.1/x", "from_": "+8613700137000"}, 21210),
        ({"url": "nowhere"}, 21205),
        ({}, 21205),
        ({"twiml": f"<Response>{' ' * 4000}</Response>"}, 32018),
        ({"url": "http://127.0.0.1/x", "timeout": 601}, 20001),
    ],
)
def test_a_call_twilio_would_refuse_is_refused_with_its_code(
    running: RunningExchange, more: dict[str, object], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        running.client().calls.create(**({"to": CALLER, "from_": HOTLINE} | more))
    assert (refused.value.status, refused.value.code) == (400, code)


def test_a_live_call_is_redirected_by_url_or_twiml(running: RunningExchange) -> None:
    running.app["/voice"] = "<Gather/>"
    running.app["/next"] = "<Say>next</Say><Gather/>"
    call = running.call()
    call.hear("listening")
    calls = running.client().calls(call.sid)
    calls.update(url=f"{running.app.base}/next")
    call.hear("say")
    calls.update(twiml="<Response><Say>last</Say></Response>")
    call.over()
    assert call.said() == ["next", "last"]


def test_a_call_is_ended_or_cancelled_by_status(running: RunningExchange) -> None:
    running.app["/out"] = "<Gather/>"
    phone = place(running).answer()
    phone.hear("listening")
    client = running.client()
    assert client.calls(phone.sid).update(status="canceled").status == "in-progress"
    assert client.calls(phone.sid).update(status="completed").status == "completed"
    ringing = place(running, AGENT)
    assert client.calls(ringing.sid).update(status="canceled").status == "canceled"
    for sid, change in ((phone.sid, {"url": f"{running.app.base}/out"}), (phone.sid, {"status": "completed"})):
        with pytest.raises(TwilioRestException) as refused:
            client.calls(sid).update(**change)
        assert refused.value.code == 21220


def test_calls_are_listed_by_party_status_and_time(running: RunningExchange) -> None:
    phone = place(running)
    phone.act("reject")
    running.app["/voice"] = "<Hangup/>"
    call = running.call()
    call.over()
    client, since = running.client(), datetime.now(UTC) - timedelta(minutes=1)
    assert [c.sid for c in client.calls.list()] == [call.sid, phone.sid]
    assert [c.sid for c in client.calls.list(to=CALLER)] == [phone.sid]
    assert [c.sid for c in client.calls.list(status="completed", start_time_after=since)] == [call.sid]
    assert client.calls.list(start_time_before=since) == []


@pytest.mark.parametrize(
    ("mode", "phone", "told"),
    [
        ("Enable", "human", "human"),
        ("Enable", "machine_end_beep", "machine_start"),
        ("DetectMessageEnd", "machine_start", "machine_end_beep"),
        ("DetectMessageEnd", "unknown", "unknown"),
    ],
)
def test_a_machine_is_told_from_a_person_in_the_first_request(
    running: RunningExchange, mode: str, phone: str, told: str
) -> None:
    answered = place(running, url=f"{running.app.base}/out", machine_detection=mode).answer(answered_by=phone)
    answered.over()
    assert running.app.asked("/out")[0].form["AnsweredBy"] == told
    assert running.client().calls(answered.sid).fetch().answered_by == told


def test_asynchronous_detection_reports_beside_the_call(running: RunningExchange) -> None:
    place(
        running, url=f"{running.app.base}/out", machine_detection="Enable", async_amd="true",
        async_amd_status_callback=f"{running.app.base}/amd",
    ).answer(answered_by="machine_start").over()  # fmt: skip
    assert running.app.await_hits("/amd")[0].form["AnsweredBy"] == "machine_start"
    assert "AnsweredBy" not in running.app.asked("/out")[0].form


def test_a_fallback_of_the_call_is_asked(running: RunningExchange) -> None:
    running.app["/out"] = lambda _: Response("", 500)
    running.app["/back"] = "<Say>back</Say>"
    phone = place(running, url=f"{running.app.base}/out", fallback_url=f"{running.app.base}/back").answer()
    phone.over()
    assert phone.said() == ["back"]


def test_an_unknown_address_of_the_api_is_20404(running: RunningExchange) -> None:
    with pytest.raises(TwilioRestException) as missing:
        running.client().incoming_phone_numbers("PN" + "0" * 32).fetch()
    assert (missing.value.status, missing.value.code) == (404, 20404)
