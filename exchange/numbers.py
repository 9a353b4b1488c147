"""Which numbers could be called or sent a text, and how a number typed at a phone is meant."""

import phonenumbers

from exchange.settings import E164


def international(typed: str) -> str:
    """A Chinese number as it is dialled at home in E.164; what is no valid one, and any other, as it was typed."""
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
    """Whether a number of this form could exist; made-up numbers count as long as their length fits their country."""
    if not E164.fullmatch(number):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
