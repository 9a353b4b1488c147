"""Which numbers could be called or sent a text."""

import phonenumbers

from ivr.exchange.settings import E164


def is_callable(number: str) -> bool:
    """Whether a number of this form could exist; made-up numbers count as long as their length fits their country."""
    if not E164.fullmatch(number):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
