"""Toneless pinyin of each character, and the sounds that recognisers and southern speakers confuse."""

import re
from collections.abc import Sequence
from functools import lru_cache

_READINGS = 2  # number of readings per character; rarer readings cause false matches


@lru_cache(16384)
def reading(char: str) -> tuple[str, ...]:
    """The readings of a character without tones, the most common first; any other character reads as itself."""
    from pypinyin import Style, pinyin  # the import takes a third of a second, needed for Mandarin only

    found = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(found))[:_READINGS]


def syllables(text: str) -> list[str]:
    """One syllable for each character, in its most common reading."""
    return [reading(char)[0] for char in text]


@lru_cache(4096)
def loosely(syllable: str) -> str:
    """The syllable with confusable sounds merged: zh/z, ch/c, sh/s, n/l, ing/in, eng/en."""
    if len(syllable) < 2:
        return syllable
    if syllable[0] in "zcs" and syllable[1] == "h":
        syllable = syllable[0] + syllable[2:]
    elif syllable[0] == "n":
        syllable = "l" + syllable[1:]
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable


def pattern(readings: Sequence[Sequence[str]]) -> re.Pattern[str]:
    """A pattern for these syllables in sequence, in a text whose syllables are separated by single spaces."""
    if not readings:
        return re.compile("(?!)")
    choices = (f"(?:{'|'.join(map(re.escape, each))})" for each in readings)
    return re.compile(f" {' '.join(choices)}(?= )")
