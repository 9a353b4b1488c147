"""Parses prompts/<language>.yaml: texts and word lists by key, and every fault with its position."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.engine.speech import value_formats
from ivr.engine.speech.prompts import Prompt, Prompts, Slot
from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml import Mapping as YamlMapping
from ivr.foundation.strictyaml import Sequence, Text

_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")  # a space where YAML joined two lines of Chinese
_SLOT = re.compile(r"\{([a-z_][a-z0-9_.]*)(?:\|([a-z0-9_]+)((?::[^{}|:]+)*))?\}", re.ASCII)
_WRONG = message("Callers would hear it wrong")


@dataclass(frozen=True, slots=True)
class PromptFault:
    """A prompt that cannot be parsed, and why."""

    key: str
    line: int
    column: int
    problem: Message
    remedy: Message
    effect: Message = _WRONG


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
    """A slot without quotes that is the whole text, which YAML reads as a mapping."""


def _leaves(tree: YamlMapping, prefix: str = "") -> Iterator[tuple[str, Text | Sequence]]:
    """Every key with its value; a lone slot that YAML reads as a mapping becomes a text again."""
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, YamlMapping) and (slot := _slot_alone(name, value)) is not None:
            yield key, slot
        elif isinstance(value, YamlMapping):
            yield from _leaves(value, f"{key}.")
        else:
            yield key, value


def _slot_alone(name: str, value: YamlMapping) -> Text | None:
    """The slot in `notice: {day|date}` without quotes."""
    in_line = value.line == getattr(name, "line", 0) and len(value) == 1
    (inside, rest), *_ = value.items() if in_line else [("", "")]
    written = f"{{{inside}}}"
    return _Unquoted.at(written, value.line, value.column) if rest == "" and _SLOT.fullmatch(written) else None


def read_prompts(
    tree: YamlMapping, language: str, file: str, recordings: Mapping[str, float | None] | None = None
) -> tuple[Prompts, list[PromptFault]]:
    """The prompts in a YAML tree, and every fault found; nested names are joined with dots."""
    prompts: dict[str, Prompt] = {}
    words: dict[str, tuple[str, ...]] = {}
    places: dict[str, tuple[int, int]] = {}
    faults: list[PromptFault] = []
    for key, value in _leaves(tree):
        places[key] = (value.line, value.column)
        faults += _truncated_texts(key, value)
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
        if text or value.comment_at is None:
            faults += [PromptFault(key, value.line, value.column, *why) for why in _faults(prompt, text)]
    return Prompts(language, file, prompts, words, places, recordings or {}), faults


def _truncated_texts(key: str, value: Any) -> Iterator[PromptFault]:
    """Texts that lose their end, because YAML reads what follows ' #' as a comment."""
    for text in value if isinstance(value, Sequence) else (value,):
        if isinstance(text, Text) and text.comment_at is not None:
            heard = (
                message("would hear '{text}' and nothing more", text=text) if text else message("would hear nothing")
            )
            problem, remedy = message("from this # on, the text is a comment"), message("put the text in quotes")
            yield PromptFault(key, *text.comment_at, problem, remedy, message("Callers {heard}", heard=heard))


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
                message("write one word or sentence in each place; a prompt is not a list"),
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
        if slot.format not in value_formats.FORMATS:
            yield (
                message("there is no format '{format}'", format=slot.format),
                message("use one of {words}", words=", ".join(sorted(value_formats.FORMATS))),
            )
        elif slot.nouns:
            yield from _noun_faults(prompt, slot)


def _noun_faults(prompt: Prompt, slot: Slot) -> Iterator[tuple[Message, Message]]:
    forms = value_formats.forms(prompt.language)
    if forms == 1:
        yield message("a noun has one form in this language"), message("write it behind the slot")
    elif slot.format != "count" or len(slot.nouns) != forms:
        example = message(
            "such as {{ahead|count:caller:callers}}; {language} has {forms} forms", language=prompt.language,
            forms=forms,
        )  # fmt: skip
        yield (
            message("the nouns in this slot do not fit"),
            message("a count names its noun in every form, {example}", example=example),
        )
