"""Webhook requests: signatures, retries, timeouts and standard fields."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Response, request
from twilio.request_validator import RequestValidator

from exchange.faults import TwimlFault
from exchange.overrides import split_overrides
from exchange.signature import sign
from exchange.webhook import WebhookClient
from tests.exchange.web_application import CALLER, TOKEN, RunningExchange, run_exchange

FORM = (("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"),
        ("Caller", "+14158675309"))  # fmt: skip
DUPLICATES = (("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"))
BODY_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
SECURE = "https://mycompany.com/myapp.php?foo=1&bar=2"
CHINESE = (("SpeechResult", "查询余额"), ("Digits", ""), ("From", "+8613800138000"))
ENCODED = "https://ivr.example.com/voice?x=%E4%BD%A0&y=a%20b"

VECTORS = [
    ("form", "12345", SECURE, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("port 443", "12345", SECURE.replace(".com/", ".com:443/"), FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    ("port 80", "12345", "http://mycompany.com:80/myapp.php?foo=1&bar=2", FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ("port 1234", "12345", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", FORM, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ("duplicate fields", "12345", SECURE, DUPLICATES, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ("JSON", "12345", f"{SECURE}&bodySHA256={BODY_HASH}", (), "a9nBmqA0ju/hNViExpshrM61xv4="),
    ("Chinese", "tok", "https://ivr.example.com/voice", CHINESE, "/OOGEB4WMELvMzF+EvKSH/6awZI="),
    ("encoded query", "tok", ENCODED, (("A", "2"), ("A", "1"), ("A", "1")), "Upje3rwXyWA7nzH7htkP4WQo95Q="),
]


@pytest.mark.parametrize(("token", "url", "form", "signature"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS])
def test_the_documented_vectors_are_signed_alike(
    token: str, url: str, form: tuple[tuple[str, str], ...], signature: str
) -> None:
    assert sign(token, url, form) == signature


def test_every_webhook_is_signed_as_twilios_own_validator_expects(running: RunningExchange) -> None:
    running.app["/voice"] = '<Gather input="speech" language="cmn-Hans-CN" action="/menu?x=%E4%BD%A0&amp;y=a%20b"/>'
    running.app["/menu"] = '<Redirect method="GET">/last?z=1</Redirect>'
    running.call().say("查询余额 &+").over()
    for path in ("/voice", "/menu", "/last"):
        [hit] = running.app.asked(path)
        raw = {"/voice": "/voice", "/menu": "/menu?x=%E4%BD%A0&y=a%20b"}.get(path)
        url = hit.url if raw is None else running.app.base + raw
        form = hit.form if hit.method == "POST" else {}
        if path != "/last":  # Flask decodes part of a GET's query; its signature is proved below
            assert RequestValidator(TOKEN).validate(url, form, hit.headers["X-Twilio-Signature"])
        assert not RequestValidator("wrong").validate(url, form, hit.headers["X-Twilio-Signature"])


def test_a_get_is_signed_over_the_url_that_was_sent(running: RunningExchange) -> None:
    signed: list[tuple[str, str]] = []

    def look(_: object) -> str:
        signed.append((f"{running.app.base}{request.environ['REQUEST_URI']}", request.headers["X-Twilio-Signature"]))
        return ""

    running.app["/voice"] = '<Redirect method="GET">/last?z=1</Redirect>'
    running.app["/last"] = look
    running.call().over()
    [(url, signature)] = signed
    assert RequestValidator(TOKEN).validate(url, {}, signature)


def test_the_first_request_carries_the_standard_fields(running: RunningExchange) -> None:
    running.call().over()
    form = running.app.asked("/voice")[0].form
    assert set(form) >= {"CallSid", "AccountSid", "From", "To", "Caller", "Called", "CallStatus", "ApiVersion",
                         "Direction", "FromCity", "FromCountry", "ToState", "CallerZip", "CalledCountry"}  # fmt: skip
    assert (form["Direction"], form["FromCountry"], form["FromCity"]) == ("inbound", "CN", "")
    assert "ParentCallSid" not in form


def test_a_withheld_caller_id_arrives_as_a_word(running: RunningExchange) -> None:
    running.call("anonymous").over()
    assert running.app.asked("/voice")[0].form["From"] == "ANONYMOUS"


@pytest.mark.parametrize(
    ("fragment", "times"),
    [("", 1), ("#rp=5xx", 2), ("#rc=3&rp=5xx,ct", 4), ("#rc=0&rp=all", 1), ("#rc=2&rp=4xx", 1), ("#rc=9&rp=5xx", 2)],
    ids=lambda value: str(value) or "by default only failed connections are tried again",
)
def test_a_5xx_is_asked_again_only_when_the_fragment_says_so(fragment: str, times: int) -> None:
    with run_exchange(voice=f"/voice{fragment}") as running:
        running.app["/voice"] = lambda _: Response("", 503)
        running.call().over()
        hits = running.app.asked("/voice")
    assert len(hits) == times
    assert len({hit.headers["I-Twilio-Idempotency-Token"] for hit in hits}) == 1
    assert all("#" not in hit.url for hit in hits)


def test_a_failed_connection_is_tried_twice() -> None:
    with _listening(keep=False) as (port, connections), pytest.raises(TwimlFault) as fault:
        WebhookClient(TOKEN).fetch(f"http://127.0.0.1:{port}/voice", "POST", (("From", CALLER),))
    assert (fault.value.code, len(connections)) == (11205, 2)


def test_a_server_that_does_not_answer_in_time_is_not_asked_again() -> None:
    with _listening(keep=True) as (port, connections), pytest.raises(TwimlFault) as fault:
        WebhookClient(TOKEN).fetch(f"http://127.0.0.1:{port}/voice#rt=150", "POST")
    assert (fault.value.code, len(connections)) == (11205, 1)


@pytest.mark.parametrize(
    ("url", "code"), [("ftp://127.0.0.1/x", 11100), ("http://a_b.example/x", 11100), ("voice", 11100)]
)
def test_an_invalid_url_is_11100(url: str, code: int) -> None:
    with pytest.raises(TwimlFault) as fault:
        WebhookClient(TOKEN).fetch(url, "POST")
    assert fault.value.code == code


def test_overrides_out_of_range_keep_their_defaults() -> None:
    plain, said = split_overrides("http://h/v?a=1#ct=50&rt=2000&tt=99999&rc=x&rp=nothing")
    assert (plain, said.connect_seconds, said.read_seconds, said.total_seconds) == ("http://h/v?a=1", 5.0, 2.0, 15.0)
    assert (said.retries, said.retry_on) == (1, frozenset())


@contextmanager
def _listening(keep: bool) -> Iterator[tuple[int, list[socket.socket]]]:
    """Takes connections; closes them at once, or keeps them without a word."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                taken.append(connection)
                if not keep:
                    connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], taken
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    for connection in taken:
        connection.close()
