"""The steps of a call as they were heard, in the reader's language: no value that was said, and no key of a secret."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.calls.tracing import RecordedCall, trace
from ivr.engine.bundle import Bundle
from ivr.engine.speech.prompts import Prompt

UNTOLD = frozenset({"enter", "collected", "waited"})
VALUE = "…"  # where a value was said


@dataclass(frozen=True, slots=True)
class StepHeard:
    """One step: what happened there in the words of its trail, and the prompts that were said."""

    at: datetime
    flow: str
    step: str
    what: str
    said: Sequence[str]


def steps(bundle: Bundle | None, call: RecordedCall, language: str) -> list[StepHeard]:
    """The steps at which something was said or done, the first one first. Without the bundle nothing is known of what
    was said.
    """
    return list(_plain(call) if bundle is None else _told(bundle, call, language))


def _plain(call: RecordedCall) -> Iterator[StepHeard]:
    for turn in call.turns:
        for place, what in turn.trail:
            if place and _tells(what):
                flow, _, step = place.partition(".")
                yield StepHeard(turn.at, flow, step, what, ())


def _told(bundle: Bundle, call: RecordedCall, language: str) -> Iterator[StepHeard]:
    for turn, stops in trace(bundle, call):
        for stop in stops:
            said = [_text(bundle, each.key, language, each.language) for each in stop.heard]
            if said or (stop.place and _tells(stop.what)):
                flow, _, step = stop.place.partition(".")
                yield StepHeard(turn.at, flow, step, stop.what if _tells(stop.what) else "", said)


def _tells(what: str) -> bool:
    return what not in UNTOLD and not what.startswith("row ")


def _text(bundle: Bundle, key: str, language: str, spoken: str) -> str:
    """A prompt in the reader's language, else as it was spoken; values are left out."""
    for code in (language, spoken):
        prompt: Prompt | None = bundle.prompts[code].prompts.get(key) if code in bundle.prompts else None
        if prompt is not None:
            return "".join(part if isinstance(part, str) else VALUE for part in prompt.parts)
    return key
