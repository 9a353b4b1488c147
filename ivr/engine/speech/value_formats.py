"""Formats for speaking values: one for each kind of value, the same in every language.

`yuan`, `stamp` and `figures` are written, for text messages; all others are spoken.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from ivr.engine.speech.verbalization.opening_hours import Week
from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES, VerbalizationRules
from ivr.engine.speech.verbalization.splitting import split_for_say
from ivr.engine.values import Secret
from ivr.foundation.money import Money

_DIGITS = re.compile("[0-9]+[Xx]?", re.ASCII)
_PHONE = re.compile(r"\+?[0-9]{3,20}", re.ASCII)
_WITHOUT_AREA = re.compile("1[0-9]{10}|[48]00[0-9]{7}|[0-9]{1,7}", re.ASCII)  # mobiles, 400 and 800, 95xxx
_IDENTITY = re.compile("[0-9]{6}(?:18|19|20)[0-9]{9}[0-9X]", re.ASCII)
_PARTS_OF_IDENTITY = (6, 4, 4, 4)  # region, year, month and day, serial number
_IN_ONE_BREATH = 7


def _text(value: str) -> str:
    if not isinstance(value, str):
        # A number here is an author's mistake: 5238066 fen would be read out as yuan.
        raise TypeError(f"must be text, not {type(value).__name__}; name a format, such as money, count or figures")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"must be an integer, not {type(value).__name__}")
    return value


def _natural(value: Any) -> int:
    if _whole(value) < 0:
        raise ValueError("must not be below zero")
    return _whole(value)


def _matching(pattern: re.Pattern[str], value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be text of {what}, not {type(value).__name__}")
    if pattern.fullmatch(value) is None:
        raise ValueError(f"must be {what}")  # never log the value: it may be a card number
    return value


def _iso(kind: type[date] | type[time] | type[datetime], value: Any, what: str) -> Any:
    if not isinstance(value, str):
        raise TypeError(f"must be {what}, not {type(value).__name__}")
    try:
        return kind.fromisoformat(value)
    except ValueError:
        raise ValueError(f"must be {what}") from None


def _in_groups(digits: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """Split into groups of these sizes, repeating the last size; a lone last digit joins the group before it."""
    groups: list[str] = []
    start, number = 0, 0
    while start < len(digits):
        size = sizes[min(number, len(sizes) - 1)]
        end = len(digits) if len(digits) - start - size <= 1 else start + size
        groups.append(digits[start:end])
        start, number = end, number + 1
    return tuple(groups)


def _digits(value: Any) -> tuple[str, ...]:
    digits = _matching(_DIGITS, value, "digits, with an X at most at the end").upper()
    if len(digits) <= _IN_ONE_BREATH:
        return (digits,)
    return _in_groups(digits, _PARTS_OF_IDENTITY if _IDENTITY.fullmatch(digits) else (4,))


def _last4(value: Any) -> tuple[str, ...]:
    digits = _matching(_DIGITS, value, "the whole number or its last four digits")
    if len(digits) < 4:
        raise ValueError("must have four digits")
    return (digits[-4:].upper(),)


def _phone(value: Any) -> tuple[str, tuple[str, ...]]:
    """("" or "+", the groups): 3-4-4 for a mobile, area code and number for a land line, groups of four for foreign
    numbers.
    """
    digits = _matching(_PHONE, value, "a telephone number, such as +8613800138000")
    if digits.startswith("+86"):
        digits = digits[3:] if _WITHOUT_AREA.fullmatch(digits[3:]) else f"0{digits[3:]}"
    if digits.startswith("+"):
        return "+", _in_groups(digits[1:], (4,))
    if digits.startswith("0") and len(digits) > 8:
        area = 3 if digits[1] in "12" else 4
        return "", (digits[:area], *_in_groups(digits[area:], (4,) if len(digits) - area == 8 else (3, 4)))
    if len(digits) <= _IN_ONE_BREATH:
        return "", (digits,)
    return "", _in_groups(digits, (3, 4) if len(digits) == 11 else (3, 3, 4) if len(digits) == 10 else (4,))


def _speak_phone(rules: VerbalizationRules, value: Any) -> str:
    abroad, groups = _phone(value)
    return f"{rules.abroad}{rules.digits(groups)}" if abroad else rules.digits(groups)


def _date(value: Any) -> date:
    day: date = _iso(datetime, value, "a date in ISO form, such as 2026-11-29")
    return day


def _time(value: Any) -> time:
    what = "a time in ISO form, such as 09:05"
    if isinstance(value, str) and len(value) > 8:
        moment: datetime = _iso(datetime, value, what)
        return moment.time()
    hour: time = _iso(time, value, what)
    return hour


def _datetime(value: Any) -> datetime:
    what = "a date and time in ISO form with its offset, such as 2026-11-29T09:05:00+08:00"
    moment: datetime = _iso(datetime, value, what)
    if moment.tzinfo is None:
        raise ValueError(f"must be {what}")
    return moment


Speaker = Callable[[VerbalizationRules, Any], str]

FORMATS: Mapping[str, Speaker] = {
    "text": lambda rules, value: _text(value),  # noqa: ARG005 - a text is said alike in every language
    "money": lambda rules, value: rules.money(_whole(value)),
    "yuan": lambda rules, value: rules.yuan(str(Money(_whole(value)))),
    "number": lambda rules, value: rules.number(_whole(value)),
    "count": lambda rules, value: rules.count(_natural(value)),
    "minutes": lambda rules, value: rules.minutes(_natural(value)),
    "digits": lambda rules, value: rules.digits(_digits(value)),
    "last4": lambda rules, value: rules.digits(_last4(value)),
    "phone": _speak_phone,
    "date": lambda rules, value: rules.date(_date(value)),
    "day": lambda rules, value: rules.day(_date(value)),
    "time": lambda rules, value: rules.time(_time(value)),
    "datetime": lambda rules, value: rules.datetime(_datetime(value)),
    "figures": lambda rules, value: str(_whole(value)),  # noqa: ARG005 - figures are written alike everywhere
    "stamp": lambda rules, value: f"{_datetime(value):%Y-%m-%d %H:%M}",  # noqa: ARG005 - written alike everywhere
}


def speak(value: Any, format: str, language: str) -> str:  # noqa: A002 - the word that authors write
    """The spoken text of a value: money in fen, durations in minutes, dates and times as ISO text of the bank's zone.

    Raises LookupError for an unknown format or language, TypeError or ValueError (naming the format) for a value that
    does not fit the format, and TypeError for a secret in any format.
    """
    speaker = FORMATS.get(format)
    if speaker is None:
        raise LookupError(f"there is no format {format!r}; use one of {', '.join(sorted(FORMATS))}")
    if isinstance(value, Secret):
        raise TypeError(f"{format}: a secret is never spoken")
    rules = VERBALIZATION_RULES[language]
    try:
        return speaker(rules, value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{format}: the value {error}") from None


def opening_hours(week: Week, language: str) -> str:
    """The opening hours of a usual week: "every day from 9:00 a.m. to 9:00 p.m."."""
    return VERBALIZATION_RULES[language].opening_hours(week)


def forms(language: str) -> int:
    """The number of noun forms after a count: two in English (caller, callers), one in Chinese."""
    return VERBALIZATION_RULES[language].forms if language in VERBALIZATION_RULES else 1


def counted(spoken: str, count: int, nouns: tuple[str, ...], language: str) -> str:
    """A count with its noun in the matching form: one caller, two callers.

    A form with a _ says where the count stands: "is _ caller" is "is one caller".
    """
    noun = nouns[VERBALIZATION_RULES[language].noun(count)]
    return noun.replace("_", spoken) if "_" in noun else f"{spoken} {noun}"


__all__ = ["FORMATS", "counted", "forms", "opening_hours", "speak", "split_for_say"]
