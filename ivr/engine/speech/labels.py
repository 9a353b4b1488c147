"""Labels: what a prompt says a key is for, as in 更换号码，请按2. A label also counts as a word of its option. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ivr.engine.speech.languages import split_words
from ivr.engine.speech.prompts import Prompts, Slot

_SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_CHINESE_DIGITS, _ENGLISH_DIGITS = (
    "零一二三四五六七八九",
    split_words("zero one two three four five six seven eight nine"),
)
_KEY = re.compile(
    r"[，,、\s]*(?:请您?|可以?)?(?:直接)?按(?:一下|下)?\s*(?:数字|键盘上的)?\s*"
    rf"([0-9０-９{_CHINESE_DIGITS}{_SLOT}]|星号?|米字|[*＊]|井号?|[#＃])\s*(?:号?键|号)?"
    r"|[,\s]*\b(?:please\s+)?(?:press|hit|dial)\s+(?:the\s+)?(?:number\s+)?"
    rf"([0-9](?![0-9])|{_SLOT}|{'|'.join(_ENGLISH_DIGITS)}|star|asterisk|pound|hash|[*#])(?:\s+(?:key|sign))*",
    re.IGNORECASE,
)
_NAMES: Mapping[str, str] = {
    **{digit: str(n) for n, digit in enumerate(_CHINESE_DIGITS)},
    **{digit: str(n) for n, digit in enumerate(_ENGLISH_DIGITS)},
    **{digit: str(n) for n, digit in enumerate("０１２３４５６７８９")},
    **dict.fromkeys(("星", "星号", "米字", "＊", "star", "asterisk"), "*"),
    **dict.fromkeys(("井", "井号", "＃", "pound", "hash"), "#"),
}
_SENTENCE_END = re.compile(r"[。；！？：;!?:]|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[，,。；！？;!?]|\.(?=\s|$)")
_LEAD = re.compile(
    r"(?:如果?您?(?:需要?|要|想)|若您?(?:需|要|想)|(?:and|or|if\s+you\s+(?:want|wish|would\s+like)|for|to|by)\b)\s*",
    re.IGNORECASE,
)

Words = Mapping[str, tuple[str, ...]]  # telephone key (0-9, *, #) -> the wordings of its label


@dataclass(frozen=True, slots=True)
class Label:
    """The label of one key. `key` is 0-9, * or #, and empty where the key is the slot {key}."""

    key: str
    parts: tuple[str | Slot, ...]

    @property
    def is_fixed(self) -> bool:
        """True where it speaks no value."""
        return all(isinstance(part, str) for part in self.parts)


@lru_cache(4096)
def labels(parts: tuple[str | Slot, ...]) -> tuple[Label, ...]:
    """The labels in a prompt, in order: the sentence before each key, or the clause after a key that is named first."""
    slots = [part for part in parts if isinstance(part, Slot)]
    text = "".join(part.replace(_SLOT, " ") if isinstance(part, str) else _SLOT for part in parts)
    found, begin = [], 0
    for match in _KEY.finditer(text):
        name = (match[1] or match[2]).lower()
        if name == _SLOT and slots[text.count(_SLOT, 0, match.start(match.lastindex or 0))].path != "key":
            continue
        ends = [end.end() for end in _SENTENCE_END.finditer(text, begin, match.start())]
        start, stop = max((begin, *ends)), match.start()
        if not text[start:stop].strip(" ，,、"):  # the key comes before its label
            start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip(" ，,、"))
            after = _CLAUSE_END.search(text, start)
            stop = after.start() if after else len(text)
        begin = max(stop, match.end())
        if said := _cut(text, start, stop, slots):
            found.append(Label("" if name == _SLOT else _NAMES.get(name, name), said))
    return tuple(found)


def _cut(text: str, start: int, stop: int, slots: list[Slot]) -> tuple[str | Slot, ...]:
    """A part of the text with its slots, without introductory words ("to", 如需)."""
    piece = text[start:stop]
    begin = start + len(piece) - len(piece.lstrip(" ，,、"))
    while (lead := _LEAD.match(text, begin, stop)) is not None:
        begin = lead.end()
    rest = iter(slots[text.count(_SLOT, 0, begin) :])
    pieces = re.split(f"({_SLOT})", text[begin:stop].rstrip(" ，,、"))
    return tuple(next(rest) if each == _SLOT else each for each in pieces if each)


def spoken_labels(prompts: Prompts, keys: Iterable[str], scope: Mapping[str, Any], slot_key: str = "") -> Words:
    """Telephone key -> the wordings of its labels in these prompts: each whole, and its last clause alone.

    `scope` gives the values that labels speak; a label without its value is left out. `slot_key` is the value of {key};
    without it labels for {key} are left out.
    """
    found: dict[str, tuple[str, ...]] = {}
    for label in _labels_of(prompts, keys):
        key = label.key or slot_key
        said = _spoken(prompts, label, scope) if key else None
        if said:
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *_sayings(said))))
    return found


def constant_labels(prompts: Prompts, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(telephone key, label) of the labels without a value, for the recogniser's hints."""
    for label in _labels_of(prompts, keys):
        if label.key and label.is_fixed:
            yield label.key, "".join(part for part in label.parts if isinstance(part, str))


def slot_values(prompts: Prompts, keys: Iterable[str], scope: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The spoken values of the slots of `name` in these labels: a payee's name, the last digits of a card."""
    slots = (part for label in _labels_of(prompts, keys) for part in label.parts if isinstance(part, Slot))
    said = (_spoken(prompts, Label("", (slot,)), scope) for slot in slots if slot.path.partition(".")[0] == name)
    return tuple(each for each in said if each)


def _labels_of(prompts: Prompts, keys: Iterable[str]) -> Iterator[Label]:
    for key in keys:
        prompt = prompts.prompts.get(key)
        yield from labels(prompt.parts) if prompt is not None else ()


def _spoken(prompts: Prompts, label: Label, scope: Mapping[str, Any]) -> str | None:
    try:
        return "".join(part if isinstance(part, str) else prompts.value(part, scope) for part in label.parts)
    except (LookupError, TypeError, ValueError):
        return None


def _sayings(label: str) -> tuple[str, ...]:
    """A label as written and, where a clause precedes it ("at any step, to go back"), without that clause."""
    *_, last = re.split(r"[，,]\s*", label)
    while (lead := _LEAD.match(last)) is not None:
        last = last[lead.end() :]
    return (label, last) if last and last != label else (label,)
