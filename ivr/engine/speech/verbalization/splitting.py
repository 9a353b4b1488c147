"""Splits a long text into pieces that a provider speaks in one element.

A piece has at most 3,000 UTF-8 bytes and fewer than 4,500 URL-encoded characters, for any voice; a Chinese character
has 3 and 9 of them.
"""

import re
from collections.abc import Iterator

from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES, VerbalizationRules

MAX_WIDE, MAX_BYTES, MAX_ENCODED = 450, 2999, 4499
_SPACE = re.compile(r"\s+")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def split_for_say(text: str, language: str) -> tuple[str, ...]:
    """The pieces of a text, split after a sentence, else at a pause, else at a space, else between characters.

    No piece exceeds the limits. A number is not split unless it alone exceeds them. Only white space between pieces is
    lost. An empty text has no pieces. Raises LookupError for a language without rules.
    """
    return tuple(_pieces(text, VERBALIZATION_RULES[language]))


def _pieces(text: str, rules: VerbalizationRules) -> Iterator[str]:
    closed = _closed(text, rules)
    start = 0
    while start < len(text):
        end = _reach(text, start)
        if end < len(text):
            end = _cut(text, start, end, closed, rules)
        piece = text[start:end].strip()
        if piece:
            yield piece
        start = end


def _reach(text: str, start: int) -> int:
    """The end of the longest piece within the limits."""
    wide = octets = encoded = 0
    for position in range(start, len(text)):
        char = text[position]
        size = _octets(char)
        wide += size > 1
        octets += size
        encoded += 1 if char in _UNRESERVED else 3 * size
        if wide > MAX_WIDE or octets > MAX_BYTES or encoded > MAX_ENCODED:
            return position
    return len(text)


def _octets(char: str) -> int:
    code = ord(char)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def _closed(text: str, rules: VerbalizationRules) -> frozenset[int]:
    """The positions inside a number, or between the halves of a surrogate pair."""
    inside = {place for found in rules.numeral.finditer(text) for place in range(found.start() + 1, found.end())}
    pairs = {place for place in range(1, len(text)) if _is_pair(text[place - 1], text[place])}
    return frozenset(inside | pairs)


def _is_pair(left: str, right: str) -> bool:
    return "\ud800" <= left <= "\udbff" and "\udc00" <= right <= "\udfff"


def _cut(text: str, start: int, end: int, closed: frozenset[int], rules: VerbalizationRules) -> int:
    """The end of the piece: the best mark in its last two thirds, else the best anywhere, else the latest position
    allowed.
    """
    for least in (start + (end - start) // 3, start):
        for mark in (rules.sentence, rules.pause, _SPACE):
            ends = [m.end() for m in mark.finditer(text, start, end) if m.end() > least and m.end() not in closed]
            if ends:
                return ends[-1]
    return next((place for place in range(end, start, -1) if place not in closed), end)
