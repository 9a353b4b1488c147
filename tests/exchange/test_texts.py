"""A call through the whole exchange, and text messages."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.exchange.web_application import CALLER, HOTLINE, OTHER, RunningExchange


def test_a_caller_hears_the_hotline_keys_and_hangs_up(running: RunningExchange) -> None:
    running.app["/voice"] = '<Gather action="/menu" numDigits="1"><Say language="zh-CN">您好</Say></Gather>'
    running.app["/menu"] = lambda form: f"<Say>{form['Digits']}</Say><Gather/>"
    call = running.call()
    call.press("3")
    call.hear("say", 2)
    assert call.said() == ["您好", "3"]
    call.hang_up()
    assert call.over()["by"] == "caller"
    first = running.app.asked("/voice")[0].form
    assert (first["CallStatus"], first["From"], first["To"]) == ("ringing", CALLER, HOTLINE)
    assert running.app.asked("/menu")[0].form["CallStatus"] == "in-progress"


def test_a_text_created_by_the_real_client_arrives_in_the_inbox_and_is_delivered(running: RunningExchange) -> None:
    client = running.client()
    sent = client.messages.create(
        to=CALLER, from_=HOTLINE, body="您的验证码为 739164", status_callback=f"{running.app.base}/sms"
    )
    assert (sent.status, sent.direction, sent.num_segments) == ("queued", "outbound-api", "1")
    running.register(CALLER)
    [event] = running.inbox(CALLER)
    assert (event["type"], event["from"], event["body"], event["sid"]) == (
        "text",
        HOTLINE,
        "您的验证码为 739164",
        sent.sid,
    )
    assert client.messages(sent.sid).fetch().status == "delivered"
    hits = running.app.await_hits("/sms", 2)
    assert [hit.form["MessageStatus"] for hit in hits] == ["sent", "delivered"]


def test_texts_are_listed_by_recipient_sender_and_date(running: RunningExchange) -> None:
    client = running.client()
    for to, body in ((CALLER, "a"), (OTHER, "b"), (CALLER, "c")):
        client.messages.create(to=to, from_=HOTLINE, body=body)
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert [m.body for m in client.messages.list(to=CALLER, from_=HOTLINE, date_sent_after=since, limit=9)] == [
        "c",
        "a",
    ]
    assert client.messages.list(date_sent_after=since + timedelta(minutes=5)) == []
    assert len(client.messages.list(date_sent_before=since)) == 0
    assert [m.body for m in client.messages.list(page_size=1)] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("to", "sender", "body", "code"),
    [
        ("13800138000", HOTLINE, "x", 21211),
        ("+86138", HOTLINE, "x", 21211),
        (CALLER, OTHER, "x", 21606),
        (HOTLINE, HOTLINE, "x", 21266),
        (CALLER, HOTLINE, "", 21602),
        (CALLER, HOTLINE, "字" * 1601, 21617),
    ],
)
def test_a_text_twilio_would_refuse_is_refused_with_its_code(
    running: RunningExchange, to: str, sender: str, body: str, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        running.client().messages.create(to=to, from_=sender, body=body)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_a_text_of_1600_characters_is_taken(running: RunningExchange) -> None:
    assert running.client().messages.create(to=CALLER, from_=HOTLINE, body="字" * 1600).num_segments == "24"


def test_a_wrong_token_is_20003_and_an_unknown_sid_20404(running: RunningExchange) -> None:
    with pytest.raises(TwilioRestException) as refused:
        running.client("wrong").messages("SM" + "0" * 32).fetch()
    with pytest.raises(TwilioRestException) as missing:
        running.client().messages("SM" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert (missing.value.status, missing.value.code) == (404, 20404)
    answer = requests.get(f"{running.base}/2010-04-01/Accounts/AC1/Messages.json", timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
