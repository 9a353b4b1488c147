"""What is said: prompts/<language>.yaml as templates with typed slots, and recordings that replace texts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.engine import speaking
from ivr.engine.actions import Utterance
from ivr.engine.values import localised, lookup
from ivr.messages import Message, message
from ivr.strictyaml import Mapping as YamlMapping
from ivr.strictyaml import Sequence, Text

HAN_LANGUAGE = "zh-CN"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")  # where a folded line of Chinese was joined
_SLOT = re.compile(r"\{([a-z_][a-z0-9_.]*)(?:\|([a-z0-9_]+)((?::[^{}|:]+)*))?\}", re.ASCII)


_WRONG = message("Callers would hear it wrong")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value: `{amount|money}` has path "amount" and format "money".

    `nouns` are the forms of what is counted, as in `{ahead|count:caller:callers}`.
    """

    path: str
    format: str = "text"
    nouns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptFault:
    """A prompt that cannot be read, and why."""

    key: str
    line: int
    column: int
    problem: Message
    remedy: Message
    effect: Message = _WRONG


@dataclass(frozen=True, slots=True)
class Prompt:
    """One key in one language: literal texts and slots in order."""

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
    """All prompts of one language; `words` are lists (what a caller may say), `recordings` maps names under prompts/
    to their seconds.
    """

    language: str
    file: str
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    recordings: Mapping[str, float | None] = field(default_factory=dict)

    def utterances(self, key: str, scope: Mapping[str, Any]) -> Iterator[Utterance]:
        """What is said for a key: one utterance for each text or recording, slots spoken in between."""
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
        """A name in Chinese characters is said by the Chinese voice: another language's voice would pass over it."""
        is_name = isinstance(part, Slot) and not self.language.startswith("zh") and _HAN.search(text)
        return HAN_LANGUAGE if is_name else self.language

    def recorded_seconds(self, key: str, number: int) -> float | None:
        """The length of the recording that replaces a part of a prompt, from 1; None where it is spoken, or unknown."""
        prompt = self.prompts[key]
        name = self._recording(prompt, number, prompt.parts[number - 1])
        return self.recordings[name] if name is not None else None

    def render(self, key: str, scope: Mapping[str, Any]) -> str:
        """The whole text of a key, for a text message or a page."""
        return "".join(p if isinstance(p, str) else self.value(p, scope) for p in self.prompts[key].parts)

    def value(self, slot: Slot, scope: Mapping[str, Any]) -> str:
        """What a slot is spoken as. Raises LookupError, TypeError or ValueError where there is no such value."""
        value = localised(lookup(scope, slot.path), self.language)
        spoken = speaking.speak(value, slot.format, self.language)
        return speaking.counted(spoken, value, slot.nouns, self.language) if slot.nouns else spoken

    def _recording(self, prompt: Prompt, number: int, part: str | Slot) -> str | None:
        if not self.recordings or isinstance(part, Slot):
            return None
        name = f"{prompt.key}.wav" if len(prompt.parts) == 1 else f"{prompt.key}.{number}.wav"
        return name if name in self.recordings else None


def _parts(text: str) -> tuple[str | Slot, ...]:
    parts: list[str | Slot] = []
    position = 0
    for match in _SLOT.finditer(text):
        if match.start() > position:
            parts.append(text[position : match.start()])
        parts.append(Slot(match[1], match[2] or "text", tuple((match[3] or "").split(":")[1:])))
        position = match.end()
    if position < len(text):
        parts.append(text[position:])
    return tuple(parts)


class _Unquoted(Text):
    """A slot that stands alone without quotes, so that YAML takes it for keys."""


def _leaves(tree: YamlMapping, prefix: str = "") -> Iterator[tuple[str, Text | Sequence]]:
    """Every key with what stands under it; a slot alone that YAML takes for keys is a text again."""
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, YamlMapping) and (slot := _slot_alone(name, value)) is not None:
            yield key, slot
        elif isinstance(value, YamlMapping):
            yield from _leaves(value, f"{key}.")
        else:
            yield key, value


def _slot_alone(name: str, value: YamlMapping) -> Text | None:
    """`notice: {day|date}` without quotes."""
    in_line = value.line == getattr(name, "line", 0) and len(value) == 1
    (inside, rest), *_ = value.items() if in_line else [("", "")]
    written = f"{{{inside}}}"
    return _Unquoted.at(written, value.line, value.column) if rest == "" and _SLOT.fullmatch(written) else None


def read_prompts(
    tree: YamlMapping, language: str, file: str, recordings: Mapping[str, float | None] | None = None
) -> tuple[Prompts, list[PromptFault]]:
    """The prompts in a YAML tree, and every fault found; keys join the nested names with dots."""
    prompts: dict[str, Prompt] = {}
    words: dict[str, tuple[str, ...]] = {}
    places: dict[str, tuple[int, int]] = {}
    faults: list[PromptFault] = []
    for key, value in _leaves(tree):
        places[key] = (value.line, value.column)
        faults += _cut(key, value)
        if isinstance(value, Sequence):
            words[key] = tuple(str(item) for item in value)
            faults += [PromptFault(key, *why) for why in _word_faults(value)]
            continue
        text = _BETWEEN_HAN.sub("", " ".join(value.split()))
        prompt = Prompt(key, language, _parts(text), value.line, value.column)
        prompts[key] = prompt
        if isinstance(value, _Unquoted):
            problem, remedy = message("a text that begins with a {{ needs quotes"), message('write "{text}"', text=text)
            faults.append(PromptFault(key, value.line, value.column, problem, remedy))
        if text or value.cut is None:
            faults += [PromptFault(key, value.line, value.column, *why) for why in _faults(prompt, text)]
    return Prompts(language, file, prompts, words, places, recordings or {}), faults


def _cut(key: str, value: Any) -> Iterator[PromptFault]:
    """Texts that lose their end: to YAML, what follows ' #' is a comment."""
    for text in value if isinstance(value, Sequence) else (value,):
        if isinstance(text, Text) and text.cut is not None:
            heard = (
                message("would hear '{text}' and nothing more", text=text) if text else message("would hear nothing")
            )
            problem, remedy = message("from this # on, the text is a comment"), message("put the text in quotes")
            yield PromptFault(key, *text.cut, problem, remedy, message("Callers {heard}", heard=heard))


def _word_faults(value: Sequence) -> Iterator[tuple[int, int, Message, Message, Message]]:
    deaf = message("Callers who say it would not be understood")
    if not value:
        yield (
            value.line,
            value.column,
            message("the list of words is empty"),
            message("write what may be said, or delete the key"),
            deaf,
        )
    for item in value:
        if not isinstance(item, Text) or not item.strip():
            problem = message("a list of words holds texts, not keys or lists, and none that is empty")
            yield (
                item.line,
                item.column,
                problem,
                message("write one word or sentence in each place; a prompt is no list"),
                deaf,
            )


def _faults(prompt: Prompt, text: str) -> Iterator[tuple[Message, Message]]:
    if not text:
        yield message("the prompt is empty"), message("write what callers hear, or delete the key with its uses")
    if full := next((sign for sign in "｛｝" if sign in text), None):
        yield (
            message("a full-width {full} stands here", full=full),
            message("a slot is written {{amount}} or {{amount|money}}"),
        )
    if any(brace in part for part in prompt.parts if isinstance(part, str) for brace in "{}"):
        yield message("a {{ or }} is not part of a slot"), message("a slot is written {{amount}} or {{amount|money}}")
    for slot in prompt.slots:
        if slot.format not in speaking.FORMATS:
            yield (
                message("there is no format '{format}'", format=slot.format),
                message("use one of {words}", words=", ".join(sorted(speaking.FORMATS))),
            )
        elif slot.nouns:
            yield from _noun_faults(prompt, slot)


def _noun_faults(prompt: Prompt, slot: Slot) -> Iterator[tuple[Message, Message]]:
    forms = speaking.forms(prompt.language)
    if forms == 1:
        yield message("a noun has one form in this language"), message("write it behind the slot")
    elif slot.format != "count" or len(slot.nouns) != forms:
        example = message(
            "such as {{ahead|count:caller:callers}}; {language} has {forms} forms",
            language=prompt.language,
            forms=forms,
        )
        yield (
            message("the nouns in this slot do not fit"),
            message("a count names its noun in every form, {example}", example=example),
        )
