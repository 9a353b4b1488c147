"""English speech: options found by whole words, with tolerance for a plural or an -ing."""

import re
from functools import lru_cache

from ivr.engine.heard.english_answers import answer
from ivr.engine.heard.rules import HEARD, Fit, Fitter, HearingRules
from ivr.engine.languages import listed

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[*#]|[,.;:!?]")
_MARKS = frozenset(",.;:!?")
_SOFT = frozenset(listed("a an the my your our some please"))
_NOT = frozenset(listed("not no don't dont don’t never without won't cannot can't isn't doesn't didn't"))
# What may stand between a refusal and what is refused: "do not want to check".
_LINK = frozenset(listed("want to need do make any like would choose press check wish it is for see go into")) | _SOFT

_NUMBERS = listed("zero one two three four five six seven eight nine")
_KEYS = (
    {word: str(number) for number, word in enumerate(_NUMBERS)}
    | {str(number): str(number) for number in range(10)}
    | {"oh": "0", "*": "star", "star": "star", "asterisk": "star", "#": "hash", "hash": "hash", "pound": "hash"}
)
_FRAME = _SOFT | frozenset(
    listed("press number option key choose select dial hit push i i'll i'd i'll want would like to")
)

EXACT, STEM = 2, 1


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text)]


@lru_cache(8192)
def stem(word: str) -> str:
    """The word without -ing, plural and a silent e, so that "transferring" meets "transfers"."""
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
        word = word[:-1] if word[-1] == word[-2] and word[-1] not in "ls" else word
    elif len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


@lru_cache(4096)
def _phrase(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    words = [each for each in _words(word) if each not in _MARKS]
    plain = tuple(each for each in words if each not in _SOFT) or tuple(words)
    return plain, tuple(map(stem, plain))


def fitter(text: str) -> Fitter:
    """How well a phrase fits this text: its words in a row, but not where they are refused."""
    spoken = [word for word in _words(text) if word not in _SOFT]
    said = [word for word in spoken if word not in _MARKS]
    stems, refused = tuple(map(stem, said)), _refused(spoken)

    def fit(word: str) -> Fit | None:
        plain, roots = _phrase(word)
        size = len(plain)
        places = [i for i in range(len(stems) - size + 1) if size and stems[i : i + size] == roots and not refused[i]]
        exact = any(tuple(said[i : i + size]) == plain for i in places)
        return (size, EXACT if exact else STEM) if places else None

    return fit


def _refused(spoken: list[str]) -> list[bool]:
    """For each word, marks left out: True where a refusal of this clause reaches it."""
    reach, refused = False, []
    for word in spoken:
        if word in _MARKS:
            reach = False
            continue
        refused.append(reach)
        reach = word in _NOT or (reach and word in _LINK)
    return refused


def key(text: str) -> str | None:
    """The key that the whole text names: "three", "press 3", "number two", "the star key"."""
    rest = [word for word in _words(text) if word not in _FRAME and word not in _MARKS]
    return _KEYS.get(rest[0]) if len(rest) == 1 else None


HEARD.register("en", HearingRules(fitter, key, lambda text: answer(_words(text))))
