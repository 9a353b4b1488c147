"""Which new passwords are too easy to guess. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

Weakness = str  # "simple", "sequence", "pattern", "date", "personal"

_PATTERNS = re.compile(r"(\d{3})\1|(\d{2})\2\2|(\d)\3(\d)\4(\d)\5", re.ASCII)


def weakness(password: str, personal: Iterable[str] = ()) -> Weakness | None:
    """Why six digits are weak, or None. `personal` holds identity, mobile, card and account numbers."""
    if len(set(password)) <= 2:
        return "simple"
    if _is_run(password):
        return "sequence"
    if _PATTERNS.fullmatch(password):
        return "pattern"
    if _is_date(password):
        return "date"
    if any(password in re.sub(r"\D", "", number) for number in personal):
        return "personal"
    return None


def _is_run(password: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(password)}
    return steps in ({1}, {9})


def _is_date(password: str) -> bool:
    """YYMMDD, DDMMYY, MMDDYY of any century, and YYYYMM of the last two."""
    a, b, c = int(password[:2]), int(password[2:4]), int(password[4:])
    days = ((a, b, c), (c, b, a), (c, a, b))  # (year, month, day)
    if any(_exists(year, month, day) for year, month, day in days):
        return True
    return 1900 <= int(password[:4]) <= 2099 and 1 <= c <= 12


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
