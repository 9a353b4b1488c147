"""Documents: their sources, what is refused in them, and where a call goes when one fails."""

import struct
from dataclasses import dataclass

import pytest
from flask import Response, redirect

from exchange import media
from tests.exchange.web_application import RunningExchange, twiml

TONE = "<Say>here</Say>"


@dataclass(frozen=True)
class Relative:
    """A reference in the document at /voice, and the path asked next."""

    proves: str
    inside: str
    path: str


RELATIVES = (
    Relative("relative URLs resolve against the current document", "<Redirect>next</Redirect>", "/next"),
    Relative("a rooted URL resolves against the host", "<Redirect>/a/b</Redirect>", "/a/b"),
    Relative("Redirect's rest of the document is unreachable", f"<Redirect>/a</Redirect>{TONE}", "/a"),
    Relative("white space around a URL is trimmed", "<Redirect>\n  /a\n</Redirect>", "/a"),
)


@pytest.mark.parametrize("row", RELATIVES, ids=lambda row: row.proves)
def test_references_lead_where_the_documentation_says(running: RunningExchange, row: Relative) -> None:
    running.app["/voice"] = row.inside
    running.app[row.path] = "<Hangup/>"
    call = running.call()
    call.over()
    assert ([hit.path for hit in running.app.hits], call.said()) == (["/voice", row.path], [])


def test_redirect_by_get_sends_the_fields_in_the_query(running: RunningExchange) -> None:
    running.app["/voice"] = '<Redirect method="GET">/next?lang=zh&amp;x=1</Redirect>'
    running.call().over()
    [hit] = running.app.asked("/next")
    assert (hit.method, hit.form["lang"], hit.form["CallStatus"]) == ("GET", "zh", "in-progress")


def test_a_posted_redirect_keeps_its_own_query(running: RunningExchange) -> None:
    running.app["/voice"] = "<Redirect>/next?turn=2</Redirect>"
    running.call().over()
    assert running.app.asked("/next")[0].url.endswith("/next?turn=2")


def test_unknown_verbs_and_attributes_are_warnings_and_execution_continues(running: RunningExchange) -> None:
    running.app["/voice"] = '<Sing/><say>x</say><Say pitch="high">go on</Say>'
    call = running.call()
    call.over()
    assert (call.warned(), call.said()) == ([12200, 12200, 12200], ["go on"])


@dataclass(frozen=True)
class Broken:
    """An answer that is no usable document, and Twilio's code for it."""

    proves: str
    answer: Response
    code: int


def broken(body: str, content_type: str = "text/xml", status: int = 200) -> Response:
    return Response(body, status=status, content_type=content_type)


XML = '<?xml version="1.0" encoding="UTF-8"?>'
BROKEN = (
    Broken("5xx answers are error 11217", broken("oops", status=500), 11217),
    Broken("4xx answers are error 11217", broken("oops", status=403), 11217),
    Broken("a document over 64 kB is error 11750", broken(f"<Response><!--{'x' * 65536}--></Response>"), 11750),
    Broken("bytes before the XML header", broken(f" {XML}<Response/>"), 12100),
    Broken("wrong root", broken("<Reply/>"), 12100),
    Broken("wrong case of the root", broken("<response/>"), 12100),
    Broken("unescaped &", broken("<Response><Say>a & b</Say></Response>"), 12100),
    Broken("empty answer", broken(""), 12100),
    Broken("wrong Content-Type", broken("<Response/>", "application/json"), 12300),
    Broken("missing Content-Type", broken("<Response/>", ""), 12300),
)


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row.proves)
def test_a_failed_document_goes_to_the_fallback_with_its_code(full_exchange: RunningExchange, row: Broken) -> None:
    full_exchange.app["/voice"] = lambda _: row.answer
    full_exchange.app["/fallback"] = "<Say>请稍后再拨</Say>"
    call = full_exchange.call()
    call.over()
    [hit] = full_exchange.app.asked("/fallback")
    assert (hit.form["ErrorCode"], hit.form["ErrorUrl"]) == (str(row.code), f"{full_exchange.app.base}/voice")
    assert call.said() == ["请稍后再拨"]
    assert len(full_exchange.app.asked("/voice")) == 1


def test_without_a_fallback_the_caller_hears_an_apology_and_the_call_ends(running: RunningExchange) -> None:
    running.app["/voice"] = lambda _: broken("", status=500)
    call = running.call()
    ended = call.over()
    assert (ended["by"], ended["reason"], ended["state"]) == ("exchange", "application error", "completed")
    assert call.events("error")[0]["code"] == 11217
    assert call.said()[0].startswith("We are sorry")


def test_a_fallback_that_leads_to_the_same_failure_does_not_go_round_for_ever(full_exchange: RunningExchange) -> None:
    full_exchange.app["/voice"] = lambda _: broken("", status=500)
    full_exchange.app["/fallback"] = "<Redirect>/voice</Redirect>"
    assert full_exchange.call().over()["reason"] == "application error"
    assert len(full_exchange.app.asked("/fallback")) == 1


def test_a_document_of_64_kb_is_still_taken(running: RunningExchange) -> None:
    head, tail = "<Response><!--", "--></Response>"
    body = f"{head}{'x' * (65536 - len(head) - len(tail))}{tail}"
    running.app["/voice"] = lambda _: broken(body)
    assert running.call().over()["reason"] == "document ended"


def test_a_posted_form_is_lost_in_a_redirect_with_302(running: RunningExchange) -> None:
    running.app["/voice"] = lambda _: redirect("/elsewhere", 302)
    running.app["/elsewhere"] = "<Hangup/>"
    running.call().over()
    [hit] = running.app.asked("/elsewhere")
    assert (hit.method, hit.form) == ("GET", {})


@dataclass(frozen=True)
class Say:
    """A Say, and the warnings it must raise; without one it is spoken."""

    proves: str
    attributes: str
    text: str
    warnings: tuple[int, ...] = ()


SAYS = (
    Say("cmn-CN with Polly.Zhiyu", 'voice="Polly.Zhiyu" language="cmn-CN"', "您好"),
    Say("cmn-CN with Polly.Zhiyu-Neural", 'voice="Polly.Zhiyu-Neural" language="cmn-CN"', "您好"),
    Say("cmn-CN with Google", 'voice="Google.cmn-CN-Wavenet-A" language="cmn-CN"', "您好"),
    Say("a pair Twilio does not list: zh-CN", 'voice="Polly.Zhiyu" language="zh-CN"', "您好", (13512,)),
    Say("a pair Twilio does not list: Google", 'voice="Google.cmn-CN-Wavenet-A" language="en-US"', "hi", (13512,)),
    Say("Basic voices have no Mandarin", 'voice="woman" language="zh-CN"', "您好", (13512,)),
    Say("Say empty", "", "", (13520,)),
    Say("Basic: 4096 bytes", "", "a" * 4096),
    Say("Basic: more than 4096 bytes", "", "a" * 4097, (13521,)),
    Say("Polly: 3000", 'voice="Polly.Joanna"', "a" * 3001, (13521,)),
    Say("Google: 5000 and URL-encoded under 4500", 'voice="Google.en-US-Wavenet-A"', "a" * 4500, (13521,)),
    Say("a Chinese character counts 9: 499 pass", 'voice="Polly.Zhiyu" language="cmn-CN"', "字" * 499),
    Say("a Chinese character counts 9: 500 fail", 'voice="Polly.Zhiyu" language="cmn-CN"', "字" * 500, (13521,)),
)


@pytest.mark.parametrize("row", SAYS, ids=lambda row: row.proves)
def test_say_is_spoken_or_warned_about(running: RunningExchange, row: Say) -> None:
    running.app["/voice"] = f"<Say {row.attributes}>{row.text}</Say>"
    call = running.call()
    call.over()
    assert tuple(call.warned()) == row.warnings
    assert call.said() == ([] if row.warnings else [row.text])


@pytest.mark.parametrize(
    ("reason", "state"), [("", "no-answer"), (' reason="rejected"', "no-answer"), (' reason="busy"', "busy")]
)
def test_reject_as_the_first_verb_does_not_answer_the_call(
    full_exchange: RunningExchange, reason: str, state: str
) -> None:
    full_exchange.app["/voice"] = f"<Reject{reason}/>"
    call = full_exchange.call()
    assert (call.over()["state"], call.events("answered")) == (state, [])
    [hit] = full_exchange.app.await_hits("/status")
    assert (hit.form["CallStatus"], hit.form["CallDuration"]) == (state, "0")


def test_reject_works_only_as_the_first_verb(running: RunningExchange) -> None:
    running.app["/voice"] = "<Say>a</Say><Reject/><Say>b</Say>"
    call = running.call()
    assert (call.over()["state"], call.said(), call.warned()) == ("completed", ["a", "b"], [12200])


def test_a_numbers_own_status_callback_fires_only_at_the_end(full_exchange: RunningExchange) -> None:
    full_exchange.app["/voice"] = "<Gather/>"
    call = full_exchange.call()
    call.hear("listening")
    call.hang_up()
    [hit] = full_exchange.app.await_hits("/status")
    form = hit.form
    assert (form["CallStatus"], form["CallbackSource"], form["SequenceNumber"]) == (
        "completed", "call-progress-events", "0",
    )  # fmt: skip
    assert form["Timestamp"].endswith("+0000")


def test_start_and_stop_are_warned_about_and_passed_over(running: RunningExchange) -> None:
    running.app["/voice"] = '<Start><Stream url="wss://x"/></Start><Say>on</Say>'
    call = running.call()
    call.over()
    assert (call.warned(), call.said()) == ([12200], ["on"])


def test_documents_that_ask_for_each_other_wait_for_the_phone_instead_of_spinning(running: RunningExchange) -> None:
    running.app["/voice"] = "<Redirect>/voice</Redirect>"
    call = running.call()
    call.silence()
    asked = len(running.app.asked("/voice"))
    call.silence().hang_up()
    assert 20 <= asked <= 22


def test_the_document_may_carry_a_media_type_parameter(running: RunningExchange) -> None:
    running.app["/voice"] = lambda _: twiml(TONE)
    call = running.call()
    call.over()
    assert call.said() == ["here"]


def test_play_tells_a_files_length_and_the_words_it_carries(running: RunningExchange) -> None:
    text = "欢迎致电".encode()
    tag = b"INFOICMT" + struct.pack("<I", len(text)) + text
    sound = b"".join(media.silence(3, 1)) + b"LIST" + struct.pack("<I", len(tag)) + tag
    running.app["/hello"] = lambda _: Response(sound, content_type="audio/wav")
    running.app["/voice"] = "<Play>/hello</Play><Play>/voice</Play>"
    call = running.call()
    call.over()
    [played] = call.events("play")
    assert (played["seconds"], played["text"], call.warned()) == (3.0, "欢迎致电", [12300])
