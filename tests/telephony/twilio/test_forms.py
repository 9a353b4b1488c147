"""A webhook's form: what is read from it, and what is refused before anybody believes it."""

import random
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from ivr.engine.events import CallStarted, DigitsPressed, Event, MessageRecorded, NothingHeard, SpeechHeard
from ivr.foundation.errors import WebhookRefused
from ivr.telephony.notifications import CallNotification, ConferenceNotification, Notification, RecordingNotification
from ivr.telephony.twilio.forms import MAX_FIELDS, MAX_SPEECH, FormRules, read_form, read_notification, read_pairs
from ivr.telephony.webhooks import WRONG_KEY, QueueExit, Webhook
from tests.support.selection import examples

SEED = random.SystemRandom().randrange(2**32)
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ACCOUNT = "AC" + "0" * 32
CALL = "CA" + "0123456789abcdef" * 2
RULES = FormRules(ACCOUNT)
BASE = {"CallSid": CALL, "AccountSid": ACCOUNT}


def form(**fields: str) -> Webhook:
    """The form of a webhook with these fields besides the two that are always there."""
    return read_form(tuple({**BASE, **fields}.items()), RULES)


BODIES = (
    (b"", ()),
    (b"A=1&B=2", (("A", "1"), ("B", "2"))),
    (b"A=&B", (("A", ""), ("B", ""))),
    (b"&&A=1&", (("A", "1"),)),
    (b"A=1=2", (("A", "1=2"),)),
    (b"From=%2B8613800138000&x+y=a+b", (("From", "+8613800138000"), ("x y", "a b"))),
    (b"SpeechResult=%E6%9F%A5%E8%AF%A2%E4%BD%99%E9%A2%9D", (("SpeechResult", "查询余额"),)),
    (b"A=2&A=1&A=1", (("A", "2"), ("A", "1"), ("A", "1"))),
)


@pytest.mark.parametrize(("body", "pairs"), BODIES)
def test_every_field_is_kept_as_it_was_signed(body: bytes, pairs: tuple[tuple[str, str], ...]) -> None:
    assert read_pairs(body) == pairs


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("A=查询".encode(), "the body is no form"),
        (b"A=\xff", "the body is no form"),
        (b"A=%FF", "the body is no form"),
        (b"%C3%28=1", "the body is no form"),
        (b"&".join([b"A=1"] * (MAX_FIELDS + 1)), "too many fields"),
        (b"&" * MAX_FIELDS, "too many fields"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(WebhookRefused, match=why):
        read_pairs(body)


@seed(SEED)
@settings(max_examples=examples(300), deadline=None)
@given(st.text(st.sampled_from("aZ09=&%+;#._~2B4") | st.characters(max_codepoint=127), max_size=40))
def test_a_form_is_read_as_the_standard_library_reads_it(body: str) -> None:
    note(f"seed {SEED}")
    try:
        expected = parse_qsl(body, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(WebhookRefused):
            read_pairs(body.encode())
    else:
        assert read_pairs(body.encode()) == tuple(expected)


@seed(SEED)
@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=6))
def test_what_was_encoded_comes_back(pairs: list[tuple[str, str]]) -> None:
    note(f"seed {SEED}")
    clean = [(a, b) for a, b in pairs if not any(0xD800 <= ord(c) <= 0xDFFF for c in a + b)]
    assert read_pairs(urlencode(clean).encode()) == tuple(clean)


REFUSED: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "no CallSid": ((("AccountSid", ACCOUNT),), "CallSid and AccountSid are required"),
    "no AccountSid": ((("CallSid", CALL),), "CallSid and AccountSid are required"),
    "nothing at all": ((), "the first field has an invalid name"),
    "the end of a path, moved into the form": ((("/7", ""), *BASE.items()), "an invalid name"),
    "the end of a query, moved into the form": ((("2AccountSid", ACCOUNT), *BASE.items()), "an invalid name"),
    "another account": ((("CallSid", CALL), ("AccountSid", "AC" + "1" * 32)), "another account's webhook"),
    "an empty account": ((("CallSid", CALL), ("AccountSid", "")), "another account's webhook"),
    "CallSid too short": (tuple({**BASE, "CallSid": CALL[:-1]}.items()), "malformed"),
    "CallSid too long": (tuple({**BASE, "CallSid": CALL + "0"}.items()), "malformed"),
    "CallSid in capitals": (tuple({**BASE, "CallSid": "CA" + "A" * 32}.items()), "malformed"),
    "CallSid with a line end": (tuple({**BASE, "CallSid": f"{CALL}\n"}.items()), "malformed"),
    "CallSid of a conference": (tuple({**BASE, "CallSid": "CF" + CALL[2:]}.items()), "malformed"),
    **{
        f"{name} twice": ((*BASE.items(), (name, "1"), (name, "2")), f"{name} is given more than once")
        for name in (
            "From",
            "To",
            "CallStatus",
            "Digits",
            "SpeechResult",
            "Confidence",
            "QueueResult",
            "QueuePosition",
            "QueueTime",
            "RecordingSid",
            "RecordingUrl",
            "RecordingDuration",
        )
    },
    "CallSid twice, the same": ((*BASE.items(), ("CallSid", CALL)), "CallSid is given more than once"),
    "AccountSid twice": ((*BASE.items(), ("AccountSid", ACCOUNT)), "AccountSid is given more than once"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_form_that_cannot_be_believed_is_refused(case: str) -> None:
    pairs, why = REFUSED[case]
    with pytest.raises(WebhookRefused, match=why):
        read_form(pairs, RULES)


def test_fields_nobody_reads_may_come_and_may_repeat() -> None:
    pairs = (*BASE.items(), ("StirVerstat", "A"), ("StirVerstat", "B"), ("Neu", "1"), ("Digits", "1"))
    assert read_form(pairs, RULES).digits == "1"


CALLERS = (
    ("+8613800138000", "+8613800138000"),
    ("13800138000", "+8613800138000"),
    ("+862162345678", "+862162345678"),
    ("+14155552671", "+14155552671"),
    ("client:agent7", None),
    ("sip:someone@example.com", None),
    ("ANONYMOUS", None),
    ("RESTRICTED", None),
    ("+266696687", None),
    ("+7378742833", None),
    ("+2562533", None),
    ("+8566696", None),
    ("+86282452253", None),
    ("", None),
)


@pytest.mark.parametrize(("given_number", "caller"), CALLERS)
def test_from_may_not_be_a_telephone_number(given_number: str, caller: str | None) -> None:
    read = form(From=given_number)
    assert read.caller == caller
    assert read.started(AT) == CallStarted(AT, caller, read.sender.address)


@pytest.mark.parametrize("call", ["6e0ca1f8-8bd2-4d2b-a5f8-1b0c3e7a9d11", "1748.1234567", "c9" * 16])
def test_another_engine_has_its_own_ids_of_calls(call: str) -> None:
    pairs = (("CallSid", call), ("AccountSid", ACCOUNT))
    assert read_form(pairs, FormRules(ACCOUNT, "any")).call == call
    with pytest.raises(WebhookRefused, match="CallSid is malformed"):
        read_form(pairs, RULES)


@pytest.mark.parametrize(
    "call", ["", "short", "../../etc/passwd", "a b c d e f g", "é" * 12, "x" * 49, "-leading-dash"]
)
def test_an_id_that_is_no_word_is_refused_whatever_the_engine(call: str) -> None:
    with pytest.raises(WebhookRefused, match="CallSid"):
        read_form((("CallSid", call), ("AccountSid", ACCOUNT)), FormRules(ACCOUNT, "any"))


RECORDED = {"RecordingSid": "RE1", "RecordingUrl": "https://api.example/Recordings/RE1", "RecordingDuration": "12",
            "Digits": "#"}  # fmt: skip
ANSWERS: dict[str, tuple[dict[str, str], Event]] = {
    "a message": (RECORDED, MessageRecorded(AT, "RE1", "https://api.example/Recordings/RE1", 12)),
    "a message that cannot be named": ({**RECORDED, "RecordingSid": "../RE1"}, DigitsPressed(AT, "#")),
    "a message that cannot be played": ({**RECORDED, "RecordingUrl": "file:///etc/passwd"}, DigitsPressed(AT, "#")),
    "a message of no length": ({**RECORDED, "RecordingDuration": "-1"}, DigitsPressed(AT, "#")),
    "keys": ({"Digits": "1234*#"}, DigitsPressed(AT, "1234*#")),
    "the longest keys": ({"Digits": "1" * 32}, DigitsPressed(AT, "1" * 32)),
    "more keys than any question takes": ({"Digits": "1" * 33}, DigitsPressed(AT, WRONG_KEY)),
    "a key of the fourth column": ({"Digits": "12A"}, DigitsPressed(AT, WRONG_KEY)),
    "digits of another script": ({"Digits": "１２３"}, DigitsPressed(AT, WRONG_KEY)),
    "keys with a line end": ({"Digits": "1\n"}, DigitsPressed(AT, WRONG_KEY)),
    "a space as a key": ({"Digits": " "}, DigitsPressed(AT, WRONG_KEY)),
    "speech": ({"SpeechResult": "查询余额", "Confidence": "0.9"}, SpeechHeard(AT, "查询余额", 0.9)),
    "speech without a confidence": ({"SpeechResult": " 转账 "}, SpeechHeard(AT, "转账")),
    "keys and speech": ({"Digits": "1", "SpeechResult": "转账"}, DigitsPressed(AT, "1")),
    "nothing, by standard fields only": ({}, NothingHeard(AT)),
    "nothing, by empty fields": ({"Digits": "", "SpeechResult": ""}, NothingHeard(AT)),
    "speech of white space": ({"SpeechResult": " \t "}, NothingHeard(AT)),
    **{
        f"speech with a confidence of {text}": ({"SpeechResult": "是", "Confidence": text}, SpeechHeard(AT, "是", read))
        for text, read in (
            ("0", 0.0),
            ("1", 1.0),
            ("1.0000", 1.0),
            ("0.8500", 0.85),
            (".5", 0.5),
            ("000.25", 0.25),
            ("", None),
            ("high", None),
            ("nan", None),
            ("inf", None),
            ("-0.9", None),
            ("1.01", None),
            ("90", None),
            ("0,9", None),
            ("0_9", None),
            ("1e-1", None),
            ("0.9 ", None),
            ("０.９", None),
            ("9" * 400, None),
            ("0.", None),
        )
    },
    "speech that never ends": ({"SpeechResult": "话" * (MAX_SPEECH + 9)}, SpeechHeard(AT, "话" * MAX_SPEECH)),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_is_keys_speech_or_nothing(case: str) -> None:
    fields, event = ANSWERS[case]
    assert form(**fields).answer(AT) == event


@pytest.mark.parametrize(
    ("status", "is_final"),
    [
        ("", False), ("queued", False), ("initiated", False), ("ringing", False), ("in-progress", False),
        ("completed", True), ("busy", True), ("failed", True), ("no-answer", True), ("canceled", True),
    ],
)  # fmt: skip
def test_final_statuses_are_those_of_the_provider(status: str, is_final: bool) -> None:
    assert form(CallStatus=status).is_final is is_final


@pytest.mark.parametrize(
    ("result", "queue_exit"),
    [
        ("", None), ("bridged", "answered"), ("redirected", "answered"), ("redirected-from-bridged", "answered"),
        ("leave", "left"), ("hangup", "hung_up"), ("queue-full", "full"), ("bridging-in-process", "failed"),
        ("error", "failed"), ("system-error", "failed"), ("something new", "failed"),
    ],
)  # fmt: skip
def test_how_a_stay_in_the_queue_ended_is_read(result: str, queue_exit: QueueExit | None) -> None:
    assert form(QueueResult=result).queue_exit == queue_exit
    assert form().queue_exit is None


def notification(**fields: str) -> Notification:
    """The notification of a status callback with these fields."""
    return read_notification(tuple({"AccountSid": ACCOUNT, **fields}.items()), RULES)


RECORDED = {"RecordingSid": "RE1", "CallSid": CALL, "RecordingStatus": "completed", "RecordingDuration": "42"}
TALK = {"ConferenceSid": "CF1", "FriendlyName": "talk"}


def test_status_callbacks_are_news_of_a_call_a_conference_or_a_recording() -> None:
    assert notification(CallSid=CALL, CallStatus="initiated", SequenceNumber="0") == CallNotification(CALL, "queued", 0)
    assert notification(CallSid=CALL, CallStatus="no-answer") == CallNotification(CALL, "no_answer")
    joined = notification(
        **TALK, StatusCallbackEvent="participant-join", CallSid=CALL, ParticipantLabel="agent", SequenceNumber="2"
    )
    assert joined == ConferenceNotification("CF1", "talk", "joined", CALL, "agent", 2)
    assert notification(**TALK, StatusCallbackEvent="conference-end") == ConferenceNotification("CF1", "talk", "ended")
    assert notification(**RECORDED) == RecordingNotification("RE1", CALL, "ready", 42)


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"CallSid": CALL}, {"CallSid": CALL, "CallStatus": "somehow"}, {"CallStatus": "completed"},
        {**TALK, "StatusCallbackEvent": "participant-sneeze"}, {**RECORDED, "RecordingStatus": "lost"},
        {**RECORDED, "AccountSid": "AC" + "1" * 32}, {**RECORDED, "RecordingSid": "../../Calls"},
    ],
)  # fmt: skip
def test_what_is_no_news_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(WebhookRefused):
        notification(**fields)
