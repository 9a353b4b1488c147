"""Chinese identity card numbers (GB 11643): eighteen places, of which the last one checks the others. Pure."""

import re
from datetime import date

_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_CHECKS = "10X98765432"


def normal(text: str) -> str | None:
    """The number as it is stored and keyed, its X a capital; None where it can be nobody's."""
    number = text.strip().upper()
    if not _FORM.fullmatch(number) or not _is_day(number[6:14]):
        return None
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number[:17]))
    return number if _CHECKS[total % 11] == number[17] else None


def masked(number: str) -> str:
    """The first three and the last four places."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year >= 1900
    except ValueError:
        return False
