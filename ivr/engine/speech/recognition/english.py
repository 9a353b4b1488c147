"""English: options are matched by whole words, tolerating a plural or an -ing."""

import re
from functools import lru_cache

from ivr.engine.speech.languages import split_words
from ivr.engine.speech.recognition.english_answers import answer, bare
from ivr.engine.speech.recognition.rules import RECOGNITION_RULES, Fit, Fitter, RecognitionRules

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[*#]|[,.;:!?]")
_FIGURES = re.compile("[0-9]+", re.ASCII)
_MARKS = frozenset(",.;:!?")
_SOFT = frozenset(split_words("a an the my your our some please"))
_NOT = frozenset(split_words("not no don't dont don’t never without won't cannot can't isn't doesn't didn't"))
# What may stand between a refusal and what is refused: "do not want to check".
_LINK = (
    frozenset(split_words("want to need do make any like would choose press check wish it is for see go into")) | _SOFT
)
# Undoing an action does not choose it: "cancel my transfer", "I found my card", "the card was found".
_UNDO = frozenset(
    split_words(
        "cancel cancelled canceled cancelling canceling undo stop found revoke reverse retract unblock reactivate"
    )
)
_RESET = frozenset(split_words("and but then so instead"))  # these end the reach of a refusal or undoing
_DONE = frozenset(split_words("is was are were has have been got it now already again i i've please"))

_NUMBERS = split_words("zero one two three four five six seven eight nine")
_KEYS = (
    {word: str(number) for number, word in enumerate(_NUMBERS)}
    | {str(number): str(number) for number in range(10)}
    | {"oh": "0", "*": "star", "star": "star", "asterisk": "star", "#": "hash", "hash": "hash", "pound": "hash"}
)
_FRAME = _SOFT | frozenset(
    split_words("press number option key choose select dial hit push i i'll i'd i'll want would like to")
)

EXACT, STEM = 2, 1


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text)]


def _spelled(words: list[str]) -> list[str]:
    """Figures as words, one by one: 4458 is "four four five eight"."""
    return [
        each for word in words for each in ([_NUMBERS[int(d)] for d in word] if _FIGURES.fullmatch(word) else [word])
    ]


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
    words = [each for each in _spelled(_words(word)) if each not in _MARKS]
    plain = tuple(each for each in words if each not in _SOFT) or tuple(words)
    return plain, tuple(map(stem, plain))


def fitter(text: str) -> Fitter:
    """The matcher of phrases in this text: consecutive words, but not where they are refused."""
    every = _spelled(_words(text))
    spoken = [word for word in every if word not in _SOFT]
    if _MARKS.issuperset(spoken):  # only articles were said
        spoken = every
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
    """For each word, punctuation left out: True where a refusal or an undoing in this clause applies to it."""
    reach, undone = False, False
    refused: list[bool] = []
    since = 0  # index of the first word of the clause
    for position, word in enumerate(spoken):
        if word in _MARKS or word in _RESET:
            reach, undone = False, False
            since = len(refused) + (word in _RESET)
        if word in _MARKS:
            continue
        refused.append(reach or undone)
        reach = word in _NOT or (reach and word in _LINK)
        if word in _UNDO:
            undone = True
            if _ends_clause(spoken[position + 1 :]):
                refused[since:-1] = [True] * (len(refused) - since - 1)
    return refused


def _ends_clause(rest: list[str]) -> bool:
    """True where the rest of the clause has no content words."""
    clause = next((rest[:i] for i, word in enumerate(rest) if word in _MARKS or word in _RESET), rest)
    return all(word in _DONE for word in clause)


def key(text: str) -> str | None:
    """The key that the whole text names: "three", "press 3", "number two", "the star key"."""
    rest = [word for word in _words(text) if word not in _FRAME and word not in _MARKS]
    return _KEYS.get(rest[0]) if len(rest) == 1 else None


def states(text: str, label: str) -> bool:
    """True where the text is the label, apart from courtesy and articles."""
    said, did_you_mean = (_phrase(bare(_words(each)))[0] for each in (text, label))
    return bool(did_you_mean) and said == did_you_mean


RECOGNITION_RULES.register("en", RecognitionRules(fitter, key, lambda text: answer(_words(text)), states))
