"""What a language must know to find a caller's choice, and how a choice is ranked."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ivr.engine.speech.languages import Languages

MAX_CHARACTERS = 500  # characters of a caller's text that are looked at; a minute of Mandarin has some 300

Answer = Literal["yes", "no", "unclear"]
Fit = tuple[int, int]  # how long the matching phrase is, then how exactly it matches; the greater fits better
Fitter = Callable[[str], Fit | None]


@dataclass(frozen=True, slots=True)
class RecognitionRules:
    """One language. Texts arrive folded by `folded`.

    `fitter(text)` prepares a caller's text and gives the function that tells how well an option's word fits it;
    `key(text)` is the telephone key that the text as a whole names ("3", "star"), `answer(text)` what it says to a
    yes-or-no question, `states(text, label)` whether it says a label and nothing else but courtesy.
    """

    fitter: Callable[[str], Fitter]
    key: Callable[[str], str | None]
    answer: Callable[[str], Answer]
    states: Callable[[str, str], bool]


RECOGNITION_RULES: Languages[RecognitionRules] = Languages("ivr.engine.speech.recognition")


def folded(text: str) -> str:
    """The text without width and case, cut to a bounded length both before and after (one character may become 18)."""
    return unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS].casefold()
