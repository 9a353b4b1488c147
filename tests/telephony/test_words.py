"""Twilio's words stop at ivr/telephony/twilio: a status, a verb or a queue result of theirs means nothing elsewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.databases import ROOT

BORDER = ROOT / "ivr" / "telephony" / "twilio"
NAMES = re.compile(  # stand nowhere else, not even in a comment
    r"\b(?:(?:Call|Account|Queue|Recording|Conference|Message)Sid|QueueResult|"
    r"QueueTime|SpeechResult|ErrorUrl|AnsweredBy|waitUrl|finishOnKey|numDigits|X-Twilio-\w+)\b"
    r"|HTTP_X_TWILIO|</?(?:Say|Play|Gather|Enqueue|Redirect|Hangup|Leave|Dial|Record|Response)\b"
)
VALUES = frozenset(  # as a text of the code
    {
        "in-progress", "no-answer", "canceled", "bridged", "bridging-in-process", "redirected",
        "redirected-from-bridged", "leave", "hangup", "queue-full", "system-error", "outbound-api", "outbound-dial",
        "CallStatus", "DialCallStatus", "RecordingStatus", "QueuePosition", "Confidence", "From", "To",
        "Twilio.CURRENT",
    }
)  # fmt: skip


def own_files() -> Iterator[Path]:
    """The product's code outside the border."""
    yield ROOT / "app.py"
    yield from (path for path in (ROOT / "ivr").rglob("*.py") if BORDER not in path.parents)


def words_of(path: Path) -> list[str]:
    """Twilio's words in a file: its names anywhere, its values as whole texts of the code."""
    source = path.read_text(encoding="utf-8")
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [*NAMES.findall(source), *(text for text in texts if isinstance(text, str) and text in VALUES)]


def test_no_word_of_twilio_s_stands_outside_its_adapter() -> None:
    found = {str(path.relative_to(ROOT)): words for path in own_files() if (words := words_of(path))}
    assert found == {}


def test_the_words_are_found_where_they_belong() -> None:
    assert {"QueueResult", "CallSid"} <= set(words_of(BORDER / "forms.py"))
    assert "in-progress" in words_of(BORDER / "words.py")
    assert "<Gather" in words_of(BORDER / "twiml.py")
