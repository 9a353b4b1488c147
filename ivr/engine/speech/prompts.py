"""Prompts: prompts/<language>.yaml as templates with typed slots, and recordings that replace texts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.engine.actions import Utterance
from ivr.engine.speech import value_formats
from ivr.engine.values import localised, lookup

HAN_LANGUAGE = "zh-CN"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder for a value: `{amount|money}` has path "amount" and format "money".

    `nouns` are the forms of the counted noun, as in `{ahead|count:caller:callers}`.
    """

    path: str
    format: str = "text"
    nouns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """The prompt of one key in one language: literal texts and slots in order."""

    key: str
    language: str
    parts: tuple[str | Slot, ...]
    line: int = 0
    column: int = 0

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots in the order they are spoken."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @property
    def text(self) -> str:
        """The text with its slots as written."""
        return "".join(p if isinstance(p, str) else f"{{{p.path}|{p.format}}}" for p in self.parts)


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts of one language. `words` holds the word lists (what a caller may say). `recordings` maps file names
    under prompts/ to their seconds. `fixed` holds the utterances of prompts that are one text without a slot or
    recording.
    """

    language: str
    file: str
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    recordings: Mapping[str, float | None] = field(default_factory=dict)
    fixed: Mapping[str, Utterance] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fixed = {key: parts[0] for key, prompt in self.prompts.items() if len(parts := prompt.parts) == 1}
        said = {
            key: Utterance(text, self.language, key=key)
            for key, text in fixed.items()
            if isinstance(text, str) and text and f"{self.prompts[key].key}.wav" not in self.recordings
        }
        object.__setattr__(self, "fixed", said)

    def utterances(self, key: str, scope: Mapping[str, Any]) -> Iterator[Utterance]:
        """The utterances of a key: one for each text or recording, with slot values in between."""
        prompt = self.prompts[key]
        spoken, language = "", self.language
        for number, part in enumerate(prompt.parts, 1):
            recording = self._recording(prompt, number, part)
            text = part if isinstance(part, str) else self.value(part, scope)
            needed = self._voice(part, text)
            if spoken and (recording or needed != language):
                yield Utterance(spoken, language, key=key)
                spoken = ""
            language = needed
            if recording:
                yield Utterance(text, language, recording, key)
            else:
                spoken += text
        if spoken:
            yield Utterance(spoken, language, key=key)

    def _voice(self, part: str | Slot, text: str) -> str:
        """The voice for a text: a name in Chinese characters needs the Chinese voice; others would skip it."""
        is_name = isinstance(part, Slot) and not self.language.startswith("zh") and _HAN.search(text)
        return HAN_LANGUAGE if is_name else self.language

    def recorded_seconds(self, key: str, number: int) -> float | None:
        """The duration of the recording of a prompt part (from 1); None where there is no recording or no known
        duration.
        """
        prompt = self.prompts[key]
        name = self._recording(prompt, number, prompt.parts[number - 1])
        return self.recordings[name] if name is not None else None

    def render(self, key: str, scope: Mapping[str, Any]) -> str:
        """The whole text of a key, for a text message or a page."""
        return "".join(p if isinstance(p, str) else self.value(p, scope) for p in self.prompts[key].parts)

    def value(self, slot: Slot, scope: Mapping[str, Any]) -> str:
        """The spoken text of a slot. Raises LookupError, TypeError or ValueError where there is no such value."""
        value = localised(lookup(scope, slot.path), self.language)
        spoken = value_formats.speak(value, slot.format, self.language)
        return value_formats.counted(spoken, value, slot.nouns, self.language) if slot.nouns else spoken

    def _recording(self, prompt: Prompt, number: int, part: str | Slot) -> str | None:
        if not self.recordings or isinstance(part, Slot):
            return None
        name = f"{prompt.key}.wav" if len(prompt.parts) == 1 else f"{prompt.key}.{number}.wav"
        return name if name in self.recordings else None
