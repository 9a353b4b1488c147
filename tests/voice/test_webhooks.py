"""Webhooks that are the provider's: the public URL as it was told, callbacks, and valid TwiML whatever comes."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from sqlalchemy import text

from ivr.calls.assembly import CallHandlers
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.telephony.twilio.forms import FormRules, SignedForms
from ivr.voice import webhooks
from ivr.voice.application import application
from tests.journeys.steps import LOSS, TRANSFER, prove
from tests.support.caller import Caller
from tests.support.door import Door
from tests.support.hotline import ACCOUNT, STRANGER, TOKEN, WANG, Clock, Hotline, open_hotline
from tests.support.serving import Served

SEGMENTS = ("v", "voice", "audio", "turn", "ivr-1", "a.b", "status", "wait")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("is_stripped", [True, False], ids=["stripped", "whole"])
def test_a_call_goes_through_below_any_path_whether_a_proxy_takes_it_away_or_not(
    shared_hotline: Hotline, seed: int, is_stripped: bool
) -> None:
    """From the first webhook to the wait loop; the first paths are those most similar to our own."""
    chance = random.Random(seed)
    drawn = "".join(f"/{chance.choice(SEGMENTS)}" for _ in range(chance.randint(1, 3)))
    base = ("/v", "/voice", "/voice/voice", "/audio")[seed] if seed < 4 else drawn
    print(f"seed {seed}: {base}")  # noqa: T201 - said where it fails
    public = f"https://bank.example{base}"
    context = webhooks.VoiceContext(
        lambda: below(shared_hotline, public),
        public,
        SignedForms(FormRules(ACCOUNT), TOKEN),
        shared_hotline.parts.conversation.documents,
        tuple(shared_hotline.settings.speech),
        lambda: "general",
    )
    served = Served(application(webhooks.blueprint(context), base=context.base), threads=4)
    door = Door(("127.0.0.1", served.port), public, ACCOUNT, TOKEN, strip=base if is_stripped else "")
    caller = Caller(door, STRANGER).dial().press("1").press("0").hear("正在为您转接人工")
    assert caller.wait_url.startswith(f"{public}/voice/wait/")
    caller.wait().hear("您是下一位").wait_key("1").hear("来电号码")
    assert caller.hang_up().status == 200
    assert door.send("POST", f"{'' if is_stripped else base}/voice/fallback").status == 200
    served.close()


def below(hotline: Hotline, base: str) -> CallHandlers:
    """What takes calls, told another public URL."""
    parts = hotline.parts
    conversation = replace(parts.conversation, base=base)
    wait_loop = replace(parts.wait_loop, base=base, conversation=conversation)
    return replace(parts, conversation=conversation, wait_loop=wait_loop)


@pytest.fixture
def prefixed(seeded_sqlite: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Hotline]:
    """A hotline whose public URL has a path, which the proxy in front takes away."""
    opened = open_hotline(seeded_sqlite, settings, keyring, clock, "https://bank.example/ivr")
    opened.door = replace(opened.door, strip="/ivr")
    yield opened
    opened.close()


def test_a_public_url_with_a_path_behind_a_proxy(prefixed: Hotline) -> None:
    caller = prefixed.mandarin().press("0").hear("正在为您转接人工客服")
    assert "https://bank.example/ivr/voice/wait/" in caller.wait_url
    caller.wait().hear("您是下一位").wait_key("1").hear("来电号码").press("1").hear("再见")


def test_forwarded_headers_change_nothing(shared_hotline: Hotline) -> None:
    """The scheme and host that are signed are the configured ones, whatever a stranger or a proxy writes."""
    caller = shared_hotline.mandarin(STRANGER)
    path, body, headers = caller.request("5")
    forged = {
        **headers,
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example;proto=http",
        "Host": "evil.example",
    }
    reply = caller.door.send("POST", path, body, forged)
    assert reply.status == 200
    assert "evil" not in reply.text


def test_a_signature_for_another_host_is_refused(shared_hotline: Hotline) -> None:
    caller = shared_hotline.mandarin(STRANGER)
    path, body, headers = caller.request("5")
    evil = caller.door.sign(f"https://evil.example{path}", caller.pairs(Digits="5"))
    forged = {**headers, "X-Twilio-Signature": evil, "X-Forwarded-Host": "evil.example", "Host": "evil.example"}
    assert caller.door.send("POST", path, body, forged).status == 403


@pytest.mark.parametrize("query", ["?x=%E4%BD%A0%E5%A5%BD", "?x=%e4%bd%a0", "?x=a%20b&y=a+b", "?x=1&x=1", "?"])
def test_the_query_is_signed_as_it_was_sent(shared_hotline: Hotline, query: str) -> None:
    caller = Caller(shared_hotline.door, STRANGER)
    url = f"{shared_hotline.door.public_url}/voice{query}"
    path = f"/voice{query}"
    pairs = caller.pairs(CallStatus="ringing")
    _, body, headers = shared_hotline.door.signed(url, pairs)
    assert shared_hotline.door.send("POST", path, body, headers).status == 200


@pytest.mark.parametrize("port", [":443", ""])
def test_the_signature_may_name_the_port_or_not(shared_hotline: Hotline, port: str) -> None:
    caller = Caller(shared_hotline.door, STRANGER)
    pairs = caller.pairs(CallStatus="ringing")
    signature = shared_hotline.door.sign(f"{shared_hotline.door.public_url}{port}/voice", pairs)
    _, body, headers = shared_hotline.door.signed(f"{shared_hotline.door.public_url}/voice", pairs)
    reply = shared_hotline.door.send("POST", "/voice", body, {**headers, "X-Twilio-Signature": signature})
    assert reply.status == 200


def test_fields_that_nobody_knows_are_signed_and_passed_over(shared_hotline: Hotline) -> None:
    caller = shared_hotline.mandarin(STRANGER)
    action = caller.gathering.action if caller.gathering else ""
    pairs = [*caller.pairs(Digits="5"), ("Neues", "1"), ("Neues", "2"), ("Leer", ""), ("SipHeader_X-Y", "好")]
    assert "修改查询密码" in shared_hotline.door.post(action, pairs).text


ODD = [
    "\x00余额",
    "\x0b.",
    "\x1b[31m",
    "\ufffe\uffff",
    "a\x08b",
    "<Say>x</Say>",
    "]]>&amp;<!--",
    "\"'><Hangup/>",
    "😀" * 300,
]


@pytest.mark.parametrize("words", ODD)
def test_what_is_said_never_breaks_the_answer(shared_hotline: Hotline, words: str) -> None:
    caller = shared_hotline.mandarin(STRANGER)
    caller.say(words)
    assert {element.tag for element in ElementTree.fromstring(caller.reply.body)} <= {"Gather", "Redirect", "Say"}
    assert not set(words) & set('\x00\x08\x0b\x1b\ufffe\uffff<>"') or words not in caller.reply.text


@pytest.mark.parametrize(
    "number", ["\x00", "\x0b+8613800138000", "\ufffe", "<Hangup/>", "'; drop table calls; --", "+" * 900]
)
def test_whoever_calls_never_breaks_the_answer(shared_hotline: Hotline, number: str) -> None:
    caller = shared_hotline.mandarin(number).press(LOSS).hear("按银行卡号挂失，请按1")
    assert number not in caller.reply.text


@pytest.mark.parametrize("name", ["\x00李\x0b强", "李\ufffe强", "\x1b[31m李强", "<Hangup/>", "]]>&'\""])
def test_a_payees_name_never_breaks_the_answer(shared_hotline: Hotline, name: str) -> None:
    """The only text of a stranger's making that is spoken."""
    hotline = shared_hotline
    hotline.clock.forward(hours=1)
    [[customer_id, card]] = hotline.ask("select customer_id, card_index from payees where customer_id = 'wang_fang'")
    sealed = hotline.keyring.seal_text(f"payees.name|{customer_id}.{bytes(card).hex()}", name)
    hotline.do("update payees set name = :name where customer_id = 'wang_fang'", name=sealed)
    caller = prove(hotline.mandarin().press(TRANSFER)).press("1").hear("请选择收款人", "三零零五")
    assert not set("\x00\x0b\x1b\ufffe") & set(caller.reply.text)
    assert caller.gathering is not None


def test_many_payees_with_long_names_stay_within_what_a_say_may_hold(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    for number in range(12):
        index = hotline.keyring.blind_index("card", f"62220210012{number:08}")
        place = f"wang_fang.{index.hex()}"
        hotline.do(
            "insert into payees (customer_id, card_index, card, name) values ('wang_fang', :i, :card, :name)",
            i=index,
            card=hotline.keyring.seal_text(f"payees.card|{place}", f"62220210012{number:08}"),
            name=hotline.keyring.seal_text(f"payees.name|{place}", "欧阳" * 60),
        )
    caller = prove(hotline.mandarin().press(TRANSFER)).press("1").hear("查看更多，请按8")
    assert caller.reply.text.count("<Say") > 1
    caller.press("8").hear("请选择收款人")


def test_what_is_said_is_no_line_of_the_log(shared_hotline: Hotline) -> None:
    caller = shared_hotline.mandarin(STRANGER)
    caller.say('余额\n{"event": "forged", "level": "info"}\r\nforged')
    path = "/voice/turn/1%0A%7B%22event%22:%22forged%22%7D"
    shared_hotline.door.send("POST", path, b"", {"Content-Type": "application/x-www-form-urlencoded"})
    shared_hotline.door.send("POST", "/voice", b"", {"Content-Type": "a/b\tforged"})
    for line in shared_hotline.log.getvalue().splitlines():
        assert json.loads(line)["event"] != "forged"


def test_answers_are_xml_of_the_right_type(shared_hotline: Hotline) -> None:
    caller = shared_hotline.caller()
    assert caller.reply.headers["content-type"] == "text/xml; charset=utf-8"
    assert caller.reply.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?><Response>')
    assert caller.reply.headers["x-content-type-options"] == "nosniff"
    assert "server" not in caller.reply.headers


def test_a_status_callback_is_taken_in_any_order_and_twice(shared_hotline: Hotline) -> None:
    caller = shared_hotline.mandarin(STRANGER)
    ended = "select ended_at, ending from calls where call = :c"
    shared_hotline.clock.forward(seconds=5)
    assert "<Response></Response>" in caller.hang_up().text
    first = shared_hotline.ask(ended, c=caller.call)
    shared_hotline.clock.forward(seconds=5)
    for status in ("in-progress", "ringing", "completed", "failed"):
        assert caller.hang_up(status).status == 200
    assert shared_hotline.ask(ended, c=caller.call) == first
    assert first[0][1] == "hung_up"


def test_a_status_callback_of_a_call_nobody_knows_is_taken(shared_hotline: Hotline) -> None:
    assert Caller(shared_hotline.door, WANG).hang_up().status == 200


def test_the_fallback_needs_no_database(quick_hotline: Hotline) -> None:
    with quick_hotline.database.begin() as connection:
        for table in ("turns", "calls", "publications", "bundles"):
            connection.execute(text(f"drop table {table}"))
    for method in ("GET", "POST"):
        reply = quick_hotline.door.send(method, "/voice/fallback")
        assert reply.status == 200
        tags = [element.tag for element in ElementTree.fromstring(reply.body)]
        assert tags == ["Say", "Say", "Enqueue", "Say", "Say", "Hangup"]
    caller = Caller(quick_hotline.door, WANG).dial().hear("非常抱歉", "We are very sorry")
    assert caller.queue == "general"
    assert caller.wait_url.endswith("/voice/fallback/wait")
    assert "人工客服繁忙" in quick_hotline.door.send("POST", "/voice/fallback/wait").text
