"""Estimates how long callers listen: seconds of a prompt, from its text or the duration of its recording.

The rates are those of an unhurried telephone voice: 4.5 Mandarin syllables or digits a second (270 a minute) and 2.6
English words a second (156 a minute), see docs/decisions/0019-budgets-of-speech.md. A sentence ends with 0.4 s, a comma
with 0.2 s. A value is measured by a sample of its kind; names and other texts that are known only in a call count as
nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.engine.speech import value_formats
from ivr.engine.speech.prompts import Prompts, Slot
from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES
from ivr.engine.values import localised

SENTENCE_SECONDS, PAUSE_SECONDS = 0.4, 0.2
_MOMENT = "2026-11-29T09:05:00+08:00"
_SAMPLES: Mapping[str, Any] = {
    "money": 5_238_066, "number": 5, "count": 5, "minutes": 5, "digits": "4458", "last4": "4458",
    "phone": "+8613800138000", "date": _MOMENT, "day": _MOMENT, "time": _MOMENT, "datetime": _MOMENT,
}  # fmt: skip


def seconds(text: str, language: str) -> float:
    """Seconds of speech of a text, including pauses."""
    rules = VERBALIZATION_RULES[language]
    said = len(rules.unit.findall(text)) / rules.units_a_second
    return said + len(rules.sentence.findall(text)) * SENTENCE_SECONDS + len(rules.pause.findall(text)) * PAUSE_SECONDS


@dataclass(frozen=True, slots=True)
class TimedPart:
    """A part of a prompt: its text, and the seconds of its recording where it has one. `slot` is set for a value."""

    text: str
    recorded: float | None = None
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class TimedPrompt:
    """A prompt as it is spoken in a language."""

    language: str
    pieces: tuple[TimedPart, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def seconds(self) -> float:
        """The duration of the whole prompt."""
        return self.until(len(self.text))

    def until(self, end: int) -> float:
        """Seconds until so many characters are spoken; a recording is assumed to run evenly over its text."""
        passed = 0.0
        for piece in self.pieces:
            here = piece.text[: max(end, 0)]
            end -= len(piece.text)
            if piece.recorded is None:
                passed += seconds(here, self.language)
            elif piece.text:
                passed += piece.recorded * len(here) / len(piece.text)
        return passed

    def before(self, format: str) -> float:  # noqa: A002 - the word that authors write
        """Seconds until the first value of a format; until the end where there is none."""
        end = 0
        for piece in self.pieces:
            if piece.slot is not None and piece.slot.format == format:
                break
            end += len(piece.text)
        return self.until(end)


def timed_prompt(prompts: Prompts, key: str, constants: Mapping[str, Any]) -> TimedPrompt:
    """A prompt with constants as they are and samples for all other values."""
    return TimedPrompt(prompts.language, tuple(_pieces(prompts, key, constants)))


def _pieces(prompts: Prompts, key: str, constants: Mapping[str, Any]) -> Iterator[TimedPart]:
    for number, part in enumerate(prompts.prompts[key].parts, 1):
        if isinstance(part, Slot):
            yield TimedPart(_sampled(part, prompts.language, constants), slot=part)
        else:
            yield TimedPart(part, prompts.recorded_seconds(key, number))


def _sampled(slot: Slot, language: str, constants: Mapping[str, Any]) -> str:
    if slot.path in constants and slot.format == "text":
        return str(localised(constants[slot.path], language))
    if slot.path == "key":
        return "1"
    if slot.format not in _SAMPLES or slot.format not in value_formats.FORMATS:
        return ""
    value = _SAMPLES[slot.format]
    said = value_formats.speak(value, slot.format, language)
    return value_formats.counted(said, value, slot.nouns, language) if slot.nouns else said
