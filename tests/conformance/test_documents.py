"""Every document of a crawl over all flows, and of the golden tables, compiles against Twilio's TypeScript types."""

from pathlib import Path

import pytest
from flask import Response

from ivr.engine.actions import Utterance
from ivr.telephony.documents import ParticipantOptions
from tests.conformance.published import SDK, TYPESCRIPT, node
from tests.conformance.typescript import lay_out
from tests.journeys.crawl import crawl
from tests.support.hotline import STRANGER, WANG, Hotline
from tests.support.hotline_fixtures import clock, quick_hotline, seeded_sqlite
from tests.telephony.twilio.test_twiml import EVERY
from tests.telephony.twilio.twiml_rows import RENDERER

__all__ = ["clock", "quick_hotline", "seeded_sqlite"]
pytestmark = [pytest.mark.conformance, pytest.mark.whole]
CONFERENCES = (
    RENDERER.confer("talk-7", ParticipantOptions(), "https://bank.example/after"),
    RENDERER.confer(
        "talk-7",
        ParticipantOptions("leader", False, True, True, "CA" + "0" * 32, True),
        "https://a.example",
        "https://b.example",
        "https://c.example",
    ),
    RENDERER.confer(
        "talk-7",
        ParticipantOptions("customer"),
        "https://a.example",
        "",
        "https://c.example",
        (Utterance("本次通话将被录音。", "zh-CN"),),
    ),
    RENDERER.on_hold((Utterance("请稍候。", "zh-CN"),), "https://bank.example/hold.wav", 20, "https://a.example"),
    RENDERER.on_hold((), "", 20, "https://a.example"),
    RENDERER.go_to("https://bank.example/voice/wait/1"),
)


@pytest.fixture
def crawled(quick_hotline: Hotline) -> list[str]:
    """What a customer's and a stranger's calls were answered with, on every way through the flows."""
    documents: list[str] = []

    def keep(response: Response) -> Response:
        documents.append(response.get_data(as_text=True))
        return response

    quick_hotline.app.after_request(keep)
    known = frozenset(way.places[-1] for way in crawl(quick_hotline, WANG))
    crawl(quick_hotline, STRANGER, known)
    return documents


def compiled(folder: Path) -> str:
    """What the compiler says of a project; nothing where all is well."""
    done = node(TYPESCRIPT.folder() / "lib" / "tsc.js", "-p", str(folder))
    return done.stdout + done.stderr


def test_every_document_compiles(crawled: list[str], tmp_path: Path) -> None:
    documents = [each for each in crawled if each.startswith("<?xml")]
    assert len(documents) > 100
    shapes = lay_out(tmp_path, SDK.folder() / "lib" / "twiml", [*documents, *EVERY.values(), *CONFERENCES])
    assert shapes > 30
    assert compiled(tmp_path) == ""


WRONG = {
    '<Response><Gather numDigit="1"></Gather></Response>': "numDigit",
    '<Response><Gather timeout="soon"></Gather></Response>': "'string' is not assignable to type 'number'",
    '<Response><Gather input="dtmf" language="zh-CN"></Gather></Response>': '"zh-CN"',
    '<Response><Say voice="Polly.Nobody">x</Say></Response>': "Polly.Nobody",
    "<Response><Enqueue><Say>x</Say></Enqueue></Response>": "Enqueue holds no Say",
}


def test_a_word_that_twilio_does_not_know_does_not_compile(tmp_path: Path) -> None:
    lay_out(tmp_path, SDK.folder() / "lib" / "twiml", WRONG)
    errors = [line for line in compiled(tmp_path).splitlines() if "error TS" in line]
    assert len(errors) == len(WRONG), errors
    for error, word in zip(errors, WRONG.values(), strict=True):
        assert word in error
