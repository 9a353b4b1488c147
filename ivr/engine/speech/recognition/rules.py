"""The recognition rules that a language provides, and how matches are ranked."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ivr.engine.speech.languages import Languages

MAX_CHARACTERS = 500  # maximum characters of a caller's text; a minute of Mandarin has about 300

Answer = Literal["yes", "no", "unclear"]
Fit = tuple[int, int]  # length of the matching phrase, then exactness of the match; the greater is better
Fitter = Callable[[str], Fit | None]


@dataclass(frozen=True, slots=True)
class RecognitionRules:
    """The rules of one language. Texts are normalised by `folded` first.

    `fitter(text)` prepares a caller's text and returns the function that ranks how well an option's word matches it.
    `key(text)` is the telephone key that the whole text names ("3", "star"). `answer(text)` is the answer to a
    yes-or-no question. `states(text, label)` tells whether the text is the label and nothing else but courtesy.
    """

    fitter: Callable[[str], Fitter]
    key: Callable[[str], str | None]
    answer: Callable[[str], Answer]
    states: Callable[[str, str], bool]


RECOGNITION_RULES: Languages[RecognitionRules] = Languages("ivr.engine.speech.recognition")


def folded(text: str) -> str:
    """The text with width and case normalised, cut before and after (one character may become 18)."""
    return unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS].casefold()
