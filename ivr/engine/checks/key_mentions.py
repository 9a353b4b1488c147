"""Finds the keys that a text tells callers to press, each with the action that it announces. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.engine.speech.prompts import Prompt

_SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_MANDARIN = re.compile(
    r"按(?:一下|下)?\s*(?:数字|键盘上的)?\s*"
    r"([0-9０-９]|[零一二三四五六七八九]|星号?|米字|[*＊]|井号?|[#＃])\s*(?:号?键|号)?"
)
_ENGLISH = re.compile(
    r"\b(?:press(?:ing)?|hit|dial)\s+(?:the\s+)?(?:number\s+)?"
    r"([0-9０-９](?![0-9])|zero|one|two|three|four|five|six|seven|eight|nine|star|asterisk|pound|hash|[*＊#＃])"
    r"(?:\s+(?:key|sign))*",
    re.IGNORECASE,
)
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_NAMES: Mapping[str, str] = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    **{word: str(n) for n, word in enumerate(_DIGITS)},
    **dict.fromkeys(("星", "星号", "米字", "＊", "star", "asterisk"), "*"),
    **dict.fromkeys(("井", "井号", "＃", "pound", "hash"), "#"),
}
# what may follow a key after its label: the end of a sentence, or a conjunction
_AFTER = re.compile(
    r"\s*(?:$|[，。；、！？,.;:!?)）”\"]|(?P<does>或|or\b|and\b|now\b|at any time\b|随时|返回|结束|确认|代替))",
    re.IGNORECASE,
)
_END = re.compile(r"[。；！？;!?]|\.(?=\s|$)")  # sentence ends, after which a label can begin
_PLAIN = re.compile(r"[\s，、,.:：…]|请|(?:\b(?:please|to|for|or|and|the)\b)|或者?|如需|需要", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A key named in a text: its label (the text before it in the sentence), and whether the label comes before the
    key.
    """

    key: str
    label: str
    after_action: bool
    end: int = 0  # character position at which the caller has heard it


def mentions(text: str) -> tuple[Mention, ...]:
    """The keys that a text tells callers to press, in order: 0-9, * and #."""
    found = [match for pattern in (_MANDARIN, _ENGLISH) for match in pattern.finditer(text)]
    ordered = sorted(found, key=lambda match: match.start())
    ends = [0, *(match.end() for match in ordered), len(text)]
    reported = []
    for number, match in enumerate(ordered):
        behind = text[match.end() : ordered[number + 1].start() if number + 1 < len(ordered) else len(text)]
        follows = _AFTER.match(text, match.end())
        label = _last_sentence(text[ends[number] : match.start()]) or (follows and follows["does"]) or ""
        after = follows is not None and (bool(label) or not _goes_on(behind))
        reported.append(Mention(_key(match[1]), label, after, match.end()))
    return tuple(reported)


def _key(word: str) -> str:
    return _NAMES.get(word.lower(), word)


def _last_sentence(text: str) -> str:
    """The last sentence fragment of a text, without filler words."""
    parts = [_PLAIN.sub("", part) for part in _END.split(text)]
    return parts[-1]


def _goes_on(text: str) -> bool:
    """True where the sentence continues after the key: `press 2, bills`."""
    first = _END.split(text, maxsplit=1)[0]
    return bool(_PLAIN.sub("", first))


def named_keys(prompt: Prompt) -> tuple[str, ...]:
    """The keys that a prompt tells callers to press."""
    return tuple(mention.key for mention in mentions(spoken_text(prompt)))


def spoken_text(prompt: Prompt) -> str:
    """A prompt's text with a placeholder for each value."""
    return "".join(part if isinstance(part, str) else _SLOT for part in prompt.parts)


def labelled_twice(found: tuple[Mention, ...]) -> tuple[Mention, Mention] | None:
    """Two keys with the same label, if there are any."""
    first: dict[str, Mention] = {}
    for each in found:
        other = first.setdefault(each.label.lower(), each) if each.label else each
        if other.key != each.key:
            return other, each
    return None
