"""Chinese identity card numbers (GB 11643): eighteen characters, the last one a check digit. Pure."""

import re
from datetime import date

_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_CHECKS = "10X98765432"


def normal(text: str) -> str | None:
    """The normalised number, its X in upper case; None when it is invalid."""
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
