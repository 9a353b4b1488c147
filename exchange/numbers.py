"""Which numbers can be called or texted, and the normal form of a number typed at a phone."""

import phonenumbers

from exchange.settings import E164


def international(typed: str) -> str:
    """The E.164 form of a Chinese number typed in national form; anything else unchanged."""
    if not typed.isascii() or not typed.isdigit():
        return typed
    try:
        number = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException:
        return typed
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if (phonenumbers.is_valid_number(number))
        else typed
    )


def is_callable(number: str) -> bool:
    """True for a possible number; fictitious numbers count if their length fits their country."""
    if not E164.fullmatch(number):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
