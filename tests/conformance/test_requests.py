"""Every REST call that the product makes is one that Twilio's published description knows, to the last field."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.provider import Ring, Softphone
from tests.conformance.description import Description, Request
from tests.conformance.published import DESCRIPTION
from tests.telephony.contract.test_failures import CALL, DEEDS, ROOM, TAPE, URL
from tests.telephony.contract.twilio_world import connected

pytestmark = [pytest.mark.conformance, pytest.mark.whole]
LEADER = ParticipantOptions("leader", starts=False, ends=True, muted=True, coaches=CALL, beeps=True)
LISTS = {"Members": "queue_members"}
MEDIA = ".wav"  # the sound of a recording is no resource of the description


class Recorder(ThreadingHTTPServer):
    """Answers every request as if all were well, and keeps it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[Request] = []


class Answer(BaseHTTPRequestHandler):
    """One request."""

    server: Recorder

    def answer(self) -> None:
        """An empty list, or a resource that goes on."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append(Request(self.command, self.path, body))
        last = self.path.partition("?")[0].rsplit("/", 1)[1].removesuffix(".json")
        going = {"sid": CALL, "call_sid": CALL, "status": "in-progress", "channels": 2, "duration": "1"}
        is_list = self.command == "GET" and last.isalpha()
        sent = json.dumps({LISTS.get(last, last.lower()): []} if is_list else going).encode()
        self.send_response(204 if self.command == "DELETE" else 200)
        self.send_header("Content-Length", "0" if self.command == "DELETE" else str(len(sent)))
        self.end_headers()
        if self.command != "DELETE":
            self.wfile.write(sent)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 - as the library calls them

    def log_message(self, *_: object) -> None:
        """Tests read `asked` instead."""


@contextmanager
def recorder() -> Iterator[Recorder]:
    """Serve until the block ends."""
    server = Recorder()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture(scope="module")
def description() -> Description:
    """Twilio's own."""
    file = Path("twilio-oai", "spec", "json", "twilio_api_v2010.json")
    return Description(DESCRIPTION.folder() / file)


def test_every_deed_asks_for_what_twilio_describes(description: Description) -> None:
    with recorder() as server:
        twilio = connected(f"http://127.0.0.1:{server.server_port}")
        for deed in DEEDS.values():
            deed(twilio)
        twilio.calls.place(Ring(Softphone("agent_7"), 15, URL), URL)
        twilio.calls.placed(Softphone("agent_7"), datetime(2026, 3, 4, tzinfo=UTC))
        twilio.conferences.invite("talk", Ring(Softphone("agent_7"), 15, URL), LEADER)
        twilio.conferences.invite("talk", Ring("+8613800138000", 15, URL), ParticipantOptions("agent"), URL)
        twilio.conferences.announce(ROOM, URL, CALL)
        twilio.recordings.start(CALL, URL)
        twilio.recordings.resume(CALL, TAPE)
        twilio.recordings.stop(CALL, TAPE)
    asked = [each for each in server.asked if MEDIA not in each.target]
    assert len(asked) > len(DEEDS)
    assert [fault for each in asked for fault in description.faults(each)] == []


BASE = "/2010-04-01/Accounts/AC" + "0" * 32
WRONG = (
    Request("DELETE", f"{BASE}/Queues/QU{'0' * 32}/Members/{CALL}.json"),
    Request("POST", f"{BASE}/Calls/{CALL}.json", "Status=over"),
    Request("POST", f"{BASE}/Calls/CA1.json", "Status=completed"),
    Request("POST", f"{BASE}/Calls.json", "From=%2B86"),
    Request("POST", f"{BASE}/Calls.json", "To=%2B861&From=%2B862&Timeout=soon"),
    Request("POST", f"{BASE}/Calls.json", "To=%2B861&From=%2B862&Ring=1"),
    Request("GET", f"{BASE}/Calls.json?Since=2026"),
)


@pytest.mark.parametrize("request_", WRONG, ids=lambda each: f"{each.verb} {each.target[-20:]} {each.body}")
def test_what_twilio_does_not_describe_is_found(description: Description, request_: Request) -> None:
    assert description.faults(request_)
