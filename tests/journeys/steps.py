"""Stretches of calls that many journeys share. Each begins at the main menu unless it says otherwise."""

from tests.support.caller import Caller
from tests.support.hotline import IDENTITY, QUERY, TRANSACTION, WANG, Hotline

LOSS, BALANCE, BILLS, TRANSFER, PASSWORDS = "1", "2", "3", "4", "5"  # the keys of the main menu


def prove(caller: Caller) -> Caller:
    """From the offer of one's own cards: by identity card, so that accounts are asked for, and the query password."""
    return caller.press("8").press("2").press(IDENTITY[caller.number]).press(QUERY[caller.number])


def prove_by_card(caller: Caller, card: str = "1") -> Caller:
    """From the offer of one's own cards: this one, whose account is not asked for again, and the query password."""
    return caller.press(card).press(QUERY[caller.number])


def to_transfer(caller: Caller, payee: str = "2", source: str = "1") -> Caller:
    """王芳 proves herself and chooses accounts; the amount is asked. Payee 1 is her savings, 2 is 李强."""
    prove(caller.press(TRANSFER))
    return caller.press(source).press(payee)


def sign(caller: Caller) -> Caller:
    """The transaction password; a code leaves."""
    return caller.press(TRANSACTION[caller.number])


def to_read_back(hotline: Hotline, caller: Caller, amount: str, payee: str = "2") -> Caller:
    """A transfer by 王芳 up to its reading back."""
    hotline.clock.forward(seconds=61)  # no code is sent sooner after another
    return to_transfer(caller, payee).press(f"{amount}#")


def to_code(hotline: Hotline, caller: Caller, amount: str, payee: str = "2") -> Caller:
    """A transfer by 王芳 up to its code, whose last key moves the money; `hotline.code` tells it."""
    return sign(to_read_back(hotline, caller, amount, payee).press("1"))


def spoil_code(hotline: Hotline, caller: Caller) -> Caller:
    """Three wrong codes: another one is waited for, and star goes back to the reading back."""
    right = int(hotline.code(caller.number))
    return caller.keys(*(f"{(right + plus) % 1_000_000:06d}" for plus in (1, 2, 3)))


def transferred(hotline: Hotline, amount: str, payee: str = "2", number: str = WANG) -> Caller:
    """A whole transfer in a new call; the caller is asked whether to go on."""
    return to_code(hotline, hotline.mandarin(number), amount, payee).press(hotline.code(number))


def to_bill(caller: Caller, number: str = "3100458812", biller: str = "1") -> Caller:
    """王芳 proves herself and keys a customer number."""
    return prove(caller.press(BILLS)).press(biller).press(f"{number}#")


def to_new_password(hotline: Hotline, caller: Caller, kind: str = "1", query: str = "") -> Caller:
    """The old password and the code; the new password is asked. The transaction password takes the query one first."""
    caller.press(PASSWORDS).press(kind).press("1")
    if kind == "2":
        caller.press(query or QUERY[caller.number])
    caller.press((QUERY if kind == "1" else TRANSACTION)[caller.number])
    return caller.press(hotline.code(caller.number))
