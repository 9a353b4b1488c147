"""Stretches of calls that many journeys share. Each begins at the main menu unless it says otherwise."""

from tests.support.caller import Caller
from tests.support.hotline import QUERY, TRANSACTION, WANG, Hotline

LOSS, BALANCE, BILLS, TRANSFER, PASSWORDS = "1", "2", "3", "4", "5"  # the keys of the main menu


def prove(caller: Caller) -> Caller:
    """From the offer of one's own cards: the first card, and the query password."""
    return caller.press("1").press(QUERY[caller.number])


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
    sign(to_transfer(caller, payee).press(f"{amount}#"))
    return caller.press(hotline.code(caller.number))


def transferred(hotline: Hotline, amount: str, payee: str = "2", number: str = WANG) -> Caller:
    """A whole transfer in a new call; the caller is left at the main menu."""
    return to_read_back(hotline, hotline.mandarin(number), amount, payee).press("1")


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
