"""Calls placed, listed, redirected and ended by Twilio's own client."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException

from tests.exchange.web_application import AGENT, CALLER, HOTLINE, Call, Office

EVERY_EVENT = ["initiated", "ringing", "answered", "completed"]


def place(office: Office, to: str = CALLER, **more: object) -> Call:
    """A call placed by REST that rings now."""
    office.register(to)
    more = more or {"url": f"{office.app.base}/out"}
    office.client().calls.create(to=to, from_=HOTLINE, **more)
    return office.rung(to)


def test_a_call_is_queued_rings_is_answered_and_runs_its_document(office: Office) -> None:
    office.app["/out"] = "<Say>您好，这里是银行</Say>"
    office.register(CALLER)
    made = office.client().calls.create(
        to=CALLER, from_=HOTLINE, url=f"{office.app.base}/out",
        status_callback=f"{office.app.base}/status", status_callback_event=EVERY_EVENT,
    )  # fmt: skip
    assert (made.status, made.direction, made.to) == ("queued", "outbound-api", CALLER)
    phone = office.rung(CALLER)
    assert office.client().calls(made.sid or "").fetch().status == "ringing"
    phone.answer().over()
    assert phone.said() == ["您好，这里是银行"]
    form = office.app.asked("/out")[0].form
    assert (form["CallStatus"], form["Direction"], form["From"]) == ("in-progress", "outbound-api", HOTLINE)
    hits = office.app.await_hits("/status", 4)
    assert [hit.form["CallStatus"] for hit in hits] == ["initiated", "ringing", "in-progress", "completed"]
    assert office.client().calls(made.sid or "").fetch().status == "completed"


def test_only_completed_is_reported_by_default(office: Office) -> None:
    phone = place(office, url=f"{office.app.base}/out", status_callback=f"{office.app.base}/status")
    phone.answer().over()
    office.app.await_hits("/status")
    assert [hit.form["CallStatus"] for hit in office.app.asked("/status")] == ["completed"]


@pytest.mark.parametrize(
    ("deed", "state", "code"), [("reject", "busy", "486"), ("silence", "no-answer", "487"), ("hangup", "busy", "486")]
)
def test_an_unanswered_call_ends_as_the_phone_made_it_end(office: Office, deed: str, state: str, code: str) -> None:
    phone = place(office, url=f"{office.app.base}/out", status_callback=f"{office.app.base}/status")
    phone.act(deed)
    [hit] = office.app.await_hits("/status")
    assert (hit.form["CallStatus"], hit.form["SipResponseCode"], hit.form["CallDuration"]) == (state, code, "0")
    assert office.app.asked("/out") == []


def test_a_number_without_a_phone_is_no_answer(office: Office) -> None:
    office.client().calls.create(
        to="+8613700137000", from_=HOTLINE, url=f"{office.app.base}/out", status_callback=f"{office.app.base}/status"
    )
    [hit] = office.app.await_hits("/status")
    assert (hit.form["CallStatus"], hit.form["SipResponseCode"]) == ("no-answer", "480")


def test_twiml_handed_over_needs_no_server(office: Office) -> None:
    phone = place(office, twiml="<Response><Say>hello</Say></Response>").answer()
    phone.over()
    assert (phone.said(), office.app.hits) == (["hello"], [])


def test_twiml_handed_over_needs_absolute_actions(office: Office) -> None:
    phone = place(office, twiml='<Response><Gather action="/menu"/></Response>').answer()
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
    office: Office, more: dict[str, object], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        office.client().calls.create(**({"to": CALLER, "from_": HOTLINE} | more))
    assert (refused.value.status, refused.value.code) == (400, code)


def test_a_live_call_is_redirected_by_url_or_twiml(office: Office) -> None:
    office.app["/voice"] = "<Gather/>"
    office.app["/next"] = "<Say>next</Say><Gather/>"
    call = office.call()
    call.hear("listening")
    calls = office.client().calls(call.sid)
    calls.update(url=f"{office.app.base}/next")
    call.hear("say")
    calls.update(twiml="<Response><Say>last</Say></Response>")
    call.over()
    assert call.said() == ["next", "last"]


def test_a_call_is_ended_or_cancelled_by_status(office: Office) -> None:
    office.app["/out"] = "<Gather/>"
    phone = place(office).answer()
    phone.hear("listening")
    client = office.client()
    assert client.calls(phone.sid).update(status="canceled").status == "in-progress"
    assert client.calls(phone.sid).update(status="completed").status == "completed"
    ringing = place(office, AGENT)
    assert client.calls(ringing.sid).update(status="canceled").status == "canceled"
    for sid, change in ((phone.sid, {"url": f"{office.app.base}/out"}), (phone.sid, {"status": "completed"})):
        with pytest.raises(TwilioRestException) as refused:
            client.calls(sid).update(**change)
        assert refused.value.code == 21220


def test_calls_are_listed_by_party_status_and_time(office: Office) -> None:
    phone = place(office)
    phone.act("reject")
    office.app["/voice"] = "<Hangup/>"
    call = office.call()
    call.over()
    client, since = office.client(), datetime.now(UTC) - timedelta(minutes=1)
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
def test_a_machine_is_told_from_a_person_in_the_first_request(office: Office, mode: str, phone: str, told: str) -> None:
    answered = place(office, url=f"{office.app.base}/out", machine_detection=mode).answer(answered_by=phone)
    answered.over()
    assert office.app.asked("/out")[0].form["AnsweredBy"] == told
    assert office.client().calls(answered.sid).fetch().answered_by == told


def test_asynchronous_detection_reports_beside_the_call(office: Office) -> None:
    place(
        office, url=f"{office.app.base}/out", machine_detection="Enable", async_amd="true",
        async_amd_status_callback=f"{office.app.base}/amd",
    ).answer(answered_by="machine_start").over()  # fmt: skip
    assert office.app.await_hits("/amd")[0].form["AnsweredBy"] == "machine_start"
    assert "AnsweredBy" not in office.app.asked("/out")[0].form


def test_a_fallback_of_the_call_is_asked(office: Office) -> None:
    office.app["/out"] = lambda _: Response("", 500)
    office.app["/back"] = "<Say>back</Say>"
    phone = place(office, url=f"{office.app.base}/out", fallback_url=f"{office.app.base}/back").answer()
    phone.over()
    assert phone.said() == ["back"]


def test_an_unknown_address_of_the_api_is_20404(office: Office) -> None:
    with pytest.raises(TwilioRestException) as missing:
        office.client().incoming_phone_numbers("PN" + "0" * 32).fetch()
    assert (missing.value.status, missing.value.code) == (404, 20404)
