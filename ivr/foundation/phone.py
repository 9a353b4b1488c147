"""Telephone numbers: E.164 parsing with phonenumbers, and the numbers that this bank dials or calls back."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

_ASCII = re.compile(r"\+?[0-9]{3,20}", re.ASCII)
_CHINA_MOBILE_OR_FIXED = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
_SHORTEST = len("+862168880000")
# A withheld number spelt on a keypad: anonymous, restricted, blocked, unknown, unavailable.
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8566696", "+86282452253"})


@lru_cache(maxsize=4096)
def normal(text: str, region: str = "CN") -> str | None:
    """The E.164 form of a valid number; None for words, short codes, extensions, other digits, and withheld numbers."""
    if not _ASCII.fullmatch(text) or text in WITHHELD:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def callback_number(text: str) -> str | None:
    """The E.164 form of a Chinese mobile or fixed-line number, the only ones the bank calls back; otherwise None.

    A service number after an area code, such as 021 95588, is formally valid but cannot be called back.
    """
    e164 = normal(text)
    if e164 is None or not e164.startswith("+86") or len(e164) < _SHORTEST:
        return None
    number = phonenumbers.parse(e164)
    if phonenumbers.region_code_for_number(number) != "CN":
        return None
    return e164 if phonenumbers.number_type(number) in _CHINA_MOBILE_OR_FIXED else None


@lru_cache(maxsize=4096)
def mobile(text: str) -> str | None:
    """The E.164 form of a number that can receive texts, of any country; otherwise None."""
    e164 = normal(text)
    if e164 is None:
        return None
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return e164 if phonenumbers.number_type(phonenumbers.parse(e164)) in kinds else None


def masked(e164: str) -> str:
    """138****8000 for a Chinese mobile; only the last two digits of any other number."""
    national = e164.removeprefix("+86")
    if len(national) == 11:
        return f"{national[:3]}****{national[-4:]}"
    return "*" * max(len(e164) - 2, 0) + e164[-2:]
