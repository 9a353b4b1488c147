"""The verbalization rules that a language provides."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from ivr.engine.speech.languages import Languages
from ivr.engine.speech.verbalization.opening_hours import Week


@dataclass(frozen=True, slots=True)
class VerbalizationRules:
    """The rules of one language. Values are validated: fen as int, digits as [0-9]+X?, groups of digits, real dates and
    times.

    `unit` matches what an unhurried voice says `units_a_second` of: a syllable or a word. `sentence` and `pause` match
    the punctuation after which a text may be split; `numeral` matches a whole spoken number, which is not split. `noun`
    selects one of the `forms` of a noun, from 0, after a count.
    """

    money: Callable[[int], str]
    yuan: Callable[[str], str]  # an amount as it is written in a text message, from "52,380.66"
    number: Callable[[int], str]
    count: Callable[[int], str]
    minutes: Callable[[int], str]
    digits: Callable[[tuple[str, ...]], str]
    abroad: str  # said before a foreign telephone number, for its +
    day: Callable[[date], str]  # a date without its year
    date: Callable[[date], str]
    time: Callable[[time], str]
    datetime: Callable[[datetime], str]
    opening_hours: Callable[[Week], str]
    unit: re.Pattern[str]
    units_a_second: float
    sentence: re.Pattern[str]
    pause: re.Pattern[str]
    numeral: re.Pattern[str]
    forms: int = 1
    noun: Callable[[int], int] = lambda _count: 0


VERBALIZATION_RULES: Languages[VerbalizationRules] = Languages("ivr.engine.speech.verbalization")
