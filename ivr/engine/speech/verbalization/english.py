"""English as the English line of a bank in China speaks it.

Amounts are words, not figures: a voice reads "52,380" with or without its comma as it likes, and may read "66 fen" as
a date; "fifty-two thousand three hundred eighty yuan and sixty-six fen" can be read in one way. The American form has
no "and" inside the number, so that "and" only stands before the fen. Yuan and fen have no plural.
"""

import re
from datetime import date, datetime, time

from ivr.engine.speech.languages import split_words
from ivr.engine.speech.verbalization.opening_hours import FULL_DAY, Week, hour, runs
from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES, VerbalizationRules

_SMALL = split_words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = split_words("- - twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_WEEKDAYS = split_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTHS = split_words("January February March April May June July August September October November December")
_ALONE = {str(number): _SMALL[number] for number in range(10)} | {"X": "X"}
_WORDS = "|".join((*_SMALL, *_TENS[2:], *(word for _, word in _SCALES)))


def cardinal(value: int) -> str:
    """A number in words: "three hundred eighty", "minus three"."""
    if value < 0:
        return f"minus {cardinal(-value)}"
    if value < 20:
        return _SMALL[value]
    if value < 100:
        tens, one = divmod(value, 10)
        return f"{_TENS[tens]}-{_SMALL[one]}" if one else _TENS[tens]
    size, scale = next(step for step in _SCALES if value >= step[0])
    high, low = divmod(value, size)
    return f"{cardinal(high)} {scale} {cardinal(low)}" if low else f"{cardinal(high)} {scale}"


def money(fen: int) -> str:
    """Yuan and fen: "one yuan", "ten yuan and five fen", "fifty fen"."""
    if fen < 0:
        return f"minus {money(-fen)}"
    yuan, rest = divmod(fen, 100)
    if not rest:
        return f"{cardinal(yuan)} yuan"
    return f"{cardinal(yuan)} yuan and {cardinal(rest)} fen" if yuan else f"{cardinal(rest)} fen"


def _amount_of(value: int, unit: str) -> str:
    return f"{cardinal(value)} {unit}{'' if value == 1 else 's'}"


def minutes(value: int) -> str:
    """A duration: "one hour and thirty minutes"."""
    hours, rest = divmod(value, 60)
    if not hours:
        return _amount_of(rest, "minute")
    spoken = _amount_of(hours, "hour")
    return f"{spoken} and {_amount_of(rest, 'minute')}" if rest else spoken


def digits(groups: tuple[str, ...]) -> str:
    """Every digit alone, as a word, a pause between groups."""
    return ", ".join(" ".join(_ALONE[digit] for digit in group) for group in groups)


def day(value: date) -> str:
    """November 29, 2026."""
    return f"{month_and_day(value)}, {value.year}"


def month_and_day(value: date) -> str:
    """November 29."""
    return f"{_MONTHS[value.month - 1]} {value.day}"


def clock(value: time) -> str:
    """9:05 a.m.; the two twelves are noon and midnight, since nobody agrees what 12 p.m. is."""
    if not value.minute and value.hour in (0, 12):
        return "noon" if value.hour else "midnight"
    return f"{value.hour % 12 or 12}:{value.minute:02d} {'a.m.' if value.hour < 12 else 'p.m.'}"


def moment(value: datetime) -> str:
    """November 29, 2026, at 9:05 a.m."""
    return f"{day(value.date())}, at {clock(value.time())}"


def opening_hours(week: Week) -> str:
    """every day from 9:00 a.m. to 9:00 p.m.; Monday to Friday from 9:00 a.m. to 5:30 p.m., and Saturday 24 hours."""
    return ", and ".join(_run(*run) for run in runs(week)) or "at times to be announced"


def _run(first: int, last: int, spans: tuple[tuple[int, int], ...]) -> str:
    until = f" to {_WEEKDAYS[last]}" if last > first else ""
    days = "every day" if (first, last) == (0, 6) else f"{_WEEKDAYS[first]}{until}"
    return f"{days} {'24 hours' if spans == FULL_DAY else ' and '.join(_span(*span) for span in spans)}"


def _span(start: int, end: int) -> str:
    return f"from {clock(hour(start))} to {clock(hour(end))}"


VERBALIZATION_RULES.register(
    "en",
    VerbalizationRules(
        money=money,
        yuan="CNY {}".format,
        number=cardinal,
        count=cardinal,
        minutes=minutes,
        digits=digits,
        abroad="plus ",
        date=day,
        day=month_and_day,
        time=clock,
        datetime=moment,
        opening_hours=opening_hours,
        unit=re.compile("[A-Za-z][A-Za-z'’-]*|[0-9]+|[\u3400-\u9fff]"),
        units_a_second=2.6,
        sentence=re.compile(r"[!?;。！？；][\"')”’]*|\.[\"')”’]*(?=\s|$)"),
        pause=re.compile("[,:，：]"),
        numeral=re.compile(rf"[0-9]+(?:[.,:][0-9]+)*|\b(?:{_WORDS})(?:[ ,-]+(?:{_WORDS})\b)*", re.IGNORECASE),
        forms=2,
        noun=lambda count: 0 if count == 1 else 1,
    ),
)
