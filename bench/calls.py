"""Scripted calls: the steps of each, and a plan whose answers are checked once and then compared byte for byte."""

import base64
import hmac
import http.client
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree

from bench import bundles
from bench.bundles import MENU, NEXT, SILENCE, WELCOME, WRONG, info, offered

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "made-up-for-the-bench"  # noqa: S105 - of no account
CALL, NUMBER = "CA" + "f" * 32, "8613000000000"  # placeholders in request templates
FORM = {
    "CallSid": CALL, "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallStatus": "in-progress",
    "Direction": "inbound", "From": f"+{NUMBER}", "Caller": f"+{NUMBER}", "To": "+862160195588",
    "Called": "+862160195588", "CallerCity": "", "CallerCountry": "CN", "CallerState": "Beijing", "CallerZip": "",
    "CalledCity": "", "CalledCountry": "CN", "CalledState": "Shanghai", "CalledZip": "", "FromCity": "",
    "FromCountry": "CN", "FromState": "Beijing", "FromZip": "", "ToCity": "", "ToCountry": "CN",
    "ToState": "Shanghai", "ToZip": "",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """The caller keys `digits` ("" is silence) and must then hear `hears`; `part` allows other text around it."""

    digits: str
    hears: str
    part: bool = False


@dataclass(frozen=True)
class Request:
    """A prepared turn: the request template, the string to sign, and the expected answer."""

    head: bytes
    body: bytes
    signed: str
    answer: bytes
    part: bool

    def render(self, call: str, number: str) -> bytes:
        """The signed request of a call."""
        text = self.signed.replace(CALL, call).replace(NUMBER, number)
        signature = base64.b64encode(hmac.digest(TOKEN.encode(), text.encode(), "sha1"))
        body = self.body.replace(CALL.encode(), call.encode()).replace(NUMBER.encode(), number.encode())
        return b"%sX-Twilio-Signature: %s\r\n\r\n%s" % (self.head, signature, body)

    def is_right(self, body: bytes) -> bool:
        """Whether this is the expected answer."""
        return self.answer in body if self.part else body == self.answer


def information(services: int) -> list[Step]:
    """A call of ten turns through the generated bundle: services near and far, a silence, a wrong key."""
    near = offered(services)
    heard = [
        ("", WELCOME["zh-CN"] + WELCOME["en"]), ("1", MENU), ("1", info(near[0]) + NEXT),
        ("1", info((near[0] + 1) % services) + NEXT), ("2", MENU), ("3", info(near[2]) + NEXT),
        ("", SILENCE + NEXT), ("8", WRONG + NEXT), ("2", MENU), ("4", info(near[3]) + NEXT),
    ]  # fmt: skip
    return [Step(*each) for each in heard]


def long_call(turns: int) -> list[Step]:
    """A call that alternates between the menu and a service."""
    first = bundles.info(0) + NEXT
    return [Step("", WELCOME["zh-CN"] + WELCOME["en"]), Step("1", MENU)] + [
        Step("1", first) if turn % 2 else Step("2", MENU) for turn in range(1, turns - 1)
    ]


def read_answer(document: bytes) -> tuple[str, str, str]:
    """(spoken text, URL for input, URL for silence) of a TwiML document.

    Uninterruptible facts have no Gather; the Redirect's URL is used for both.
    """
    root = ElementTree.fromstring(document)  # noqa: S314 - of our own server
    said = "".join(say.text or "" for say in root.iter("Say"))
    gather, redirect = root.find("Gather"), root.find("Redirect")
    onward = redirect.text or "" if redirect is not None else ""
    return said, gather.get("action", "") if gather is not None else onward, onward


def _made(origin: str, path: str, step: Step, fields: dict[str, str]) -> Request:
    form = FORM | fields | ({"Digits": step.digits, "msg": "Gather End"} if step.digits else {})
    body = urlencode(form).encode()
    host = origin.removeprefix("http://")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: {len(body)}\r\n"
        "I-Twilio-Idempotency-Token: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\r\n"
    ).encode()
    signed = origin + path + "".join(name + form[name] for name in sorted(form))
    return Request(head, body, signed, b"", step.part)


def plan(port: int, walk: Sequence[Step], number: str = NUMBER) -> list[Request]:
    """Run a call once, check every text, and keep the exact answers. Raises `AssertionError`."""
    origin, path, call = f"http://127.0.0.1:{port}", "/voice", "CA" + secrets.token_hex(16)
    requests: list[Request] = []
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for place, step in enumerate(walk):
        made = _made(origin, path, step, {"From": f"+{number}", "Caller": f"+{number}"})
        headers, _, body = made.render(call, number).partition(b"\r\n\r\n")
        fields = dict(row.split(": ", 1) for row in headers.decode().split("\r\n")[1:])
        line.request("POST", path, body, fields)
        answer = line.getresponse()
        document = answer.read()
        said, keyed, silent = read_answer(document) if answer.status == 200 else ("", "", "")
        right = step.hears in said if step.part else said == step.hears
        if not right:
            raise AssertionError(f"turn {place}: {answer.status} heard {said!r} instead of {step.hears!r}")
        kept = step.hears.encode() if step.part else document
        requests.append(Request(made.head, made.body, made.signed, kept, step.part))
        silence_next = place + 1 < len(walk) and not walk[place + 1].digits
        path = (silent if silence_next else keyed).removeprefix(origin)
    line.close()
    return requests
