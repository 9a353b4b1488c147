"""Webhooks that are not the provider's, or not well formed: refused with 403, never a 500, and nothing happens."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.journeys.steps import PASSWORDS
from tests.support.caller import Caller
from tests.support.door import Reply, encoded
from tests.support.hotline import STRANGER, Hotline

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def caller(shared_hotline: Hotline) -> Caller:
    """A call that waits at the main menu."""
    return shared_hotline.mandarin(STRANGER)


def _assert_refused(hotline: Hotline, caller: Caller, reply: Reply) -> None:
    """403 in plain words, and the call still waits for the same answer."""
    assert reply.status == 403, reply.text
    assert reply.body == b"forbidden"
    assert "text/plain" in reply.headers["content-type"]
    assert "Traceback" not in hotline.log.getvalue()
    caller.press(PASSWORDS).hear("修改查询密码，请按1")


def _send(caller: Caller, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
    path, signed, good = caller.request(PASSWORDS)
    return caller.door.send("POST", path, signed if body is None else body, {**good, **headers})


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"X-Twilio-Signature": "not base64 at all"},
        {"X-Twilio-Signature": "\xe9\xe8"},
        {"X-Twilio-Signature": "A" * 5000},
        {"Content-Type": "application/json"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": ""},
    ],
    ids=str,
)
def test_a_request_with_wrong_headers_is_refused(
    shared_hotline: Hotline, caller: Caller, headers: dict[str, str]
) -> None:
    _assert_refused(shared_hotline, caller, _send(caller, headers))


def test_a_request_without_a_signature_is_refused(shared_hotline: Hotline, caller: Caller) -> None:
    path, body, _ = caller.request(PASSWORDS)
    _assert_refused(shared_hotline, caller, caller.door.send("POST", path, body, {"Content-Type": FORM}))


@pytest.mark.parametrize(
    "path", ["/voice", "/voice/turn/1", "/voice/wait/1", "/voice/wait/1/2", "/voice/wait/turn/1", "/voice/status"]
)
def test_every_webhook_demands_a_signature(shared_hotline: Hotline, path: str) -> None:
    body = encoded([("CallSid", f"CA{9:032x}"), ("AccountSid", shared_hotline.door.account)])
    assert shared_hotline.door.send("POST", path, body, {"Content-Type": FORM}).status == 403


def test_an_installation_without_a_token_lets_nobody_in(shared_hotline: Hotline, caller: Caller) -> None:
    path, body, _ = caller.request(PASSWORDS)
    signed = replace(caller.door, token="").sign(f"{caller.door.public_url}{path}", caller.pairs(Digits="5"))
    _assert_refused(shared_hotline, caller, _send(caller, {"X-Twilio-Signature": signed}, body))


def test_a_json_body_without_its_digest_is_refused(shared_hotline: Hotline, caller: Caller) -> None:
    url = caller.request(PASSWORDS)[0]
    signed = caller.door.sign(f"{caller.door.public_url}{url}", [])
    _assert_refused(
        shared_hotline,
        caller,
        caller.door.send("POST", url, b'{"Digits": "1"}', {"Content-Type": FORM, "X-Twilio-Signature": signed}),
    )


def _signed(caller: Caller, pairs: list[tuple[str, str]], path: str = "") -> Reply:
    url = f"{caller.door.public_url}{path or caller.request('5')[0]}"
    return caller.door.post(url, pairs)


@pytest.mark.parametrize(
    "fields",
    [
        {"AccountSid": "AC" + "f" * 32},
        {"AccountSid": ""},
        {"CallSid": "CA123"},
        {"CallSid": "CA" + "G" * 32},
        {"CallSid": "CA" + "A" * 32},
        {"CallSid": f"CA{1:032x}\n"},
        {"CallSid": "CA" + "١" * 32},
        {"CallSid": f"CA{1:032x}Digits5"},
    ],
    ids=str,
)
def test_a_signed_form_with_malformed_fields_is_refused(
    shared_hotline: Hotline, caller: Caller, fields: dict[str, str]
) -> None:
    _assert_refused(shared_hotline, caller, _signed(caller, caller.pairs(**{"Digits": "5", **fields})))


@pytest.mark.parametrize("name", ["CallSid", "AccountSid", "Digits", "From", "SpeechResult", "CallStatus"])
def test_a_repeated_field_is_refused(shared_hotline: Hotline, caller: Caller, name: str) -> None:
    pairs = caller.pairs(Digits="5", SpeechResult="")
    again = next(value for each, value in pairs if each == name)
    _assert_refused(shared_hotline, caller, _signed(caller, [*pairs, (name, again or "1")]))


@pytest.mark.parametrize("name", ["CallSid", "AccountSid"])
def test_a_missing_field_is_refused(shared_hotline: Hotline, caller: Caller, name: str) -> None:
    pairs = [pair for pair in caller.pairs(Digits="5") if pair[0] != name]
    _assert_refused(shared_hotline, caller, _signed(caller, pairs))


def test_keys_folded_into_the_call_do_not_pass_with_their_signature(shared_hotline: Hotline, caller: Caller) -> None:
    """The signature joins names and values without a mark between them, so this one fits two forms."""
    pairs = [("AccountSid", caller.door.account), ("CallSid", caller.call), ("Digits", "5")]
    path, _, headers = caller.door.signed(caller.gathering.action if caller.gathering else "", pairs)
    folded = encoded([("AccountSid", caller.door.account), ("CallSid", f"{caller.call}Digits5")])
    _assert_refused(shared_hotline, caller, caller.door.send("POST", path, folded, headers))


def test_a_field_moved_into_the_path_does_not_pass_with_its_signature(shared_hotline: Hotline, caller: Caller) -> None:
    url = f"{caller.door.public_url}/voice/status"
    pairs = caller.pairs(CallStatus="completed")
    _, _, headers = caller.door.signed(url, pairs)
    moved = encoded([("/status", ""), *pairs])
    _assert_refused(shared_hotline, caller, caller.door.send("POST", "/voice", moved, headers))
    _, _, headers = caller.door.signed(f"{caller.door.public_url}/voice/turn/12", pairs)
    assert caller.door.send("POST", "/voice/turn/1", encoded([("2", ""), *pairs]), headers).status == 403
    first = pairs[0]
    _, _, headers = caller.door.signed(f"{caller.door.public_url}/voice", pairs)
    path = "/voice" + quote(first[0] + first[1])
    assert caller.door.send("POST", path, encoded(pairs[1:]), headers).status == 404


def test_a_body_that_is_no_form_is_refused(shared_hotline: Hotline, caller: Caller) -> None:
    for body in (b"\xff\xfe", b"a" * 20_000, b"Digits=%ff%fe", b"&".join([b"a=1"] * 300), b""):
        assert _send(caller, {}, body).status == 403
    _assert_refused(shared_hotline, caller, _send(caller, {}, b"SpeechResult=%ED%A0%80"))


def test_a_body_beyond_every_measure_is_cut_off(caller: Caller) -> None:
    assert _send(caller, {}, b"a=" + b"1" * 400_000).status in (403, 413)
    caller.press(PASSWORDS).hear("修改查询密码")


@pytest.mark.parametrize("path", ["/voice", "/voice/turn/1", "/voice/status"])
def test_other_methods_are_not_allowed(shared_hotline: Hotline, path: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert shared_hotline.door.send(method, path).status == 405


def test_a_refusal_writes_nothing_of_the_request_down(shared_hotline: Hotline, caller: Caller) -> None:
    _send(caller, {"X-Twilio-Signature": "secret-looking"}, b"SpeechResult=my+password&Digits=739164")
    log = shared_hotline.log.getvalue()
    assert "webhook refused" in log
    assert "739164" not in log
    assert "my password" not in log
    assert "secret-looking" not in log
