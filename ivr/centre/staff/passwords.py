"""The rules for staff passwords. Pure."""

from ivr.foundation.errors import Refused

LEAST_ALONE = 15  # characters, when the password is the only factor (NIST SP 800-63B-4, 3.1.1)
LEAST_WITH_CODE = 8
MOST = 128
FEWEST_DIFFERENT = 5


def least(*, has_second_factor: bool) -> int:
    """The minimum length of a password."""
    return LEAST_WITH_CODE if has_second_factor else LEAST_ALONE


def check(password: str, user_name: str, *, has_second_factor: bool) -> None:
    """Raises `Refused` with the rule that a new password breaks."""
    if len(password) < least(has_second_factor=has_second_factor):
        raise Refused("password_short", "new", least=least(has_second_factor=has_second_factor))
    if len(password) > MOST:
        raise Refused("password_long", "new", most=MOST)
    if user_name.casefold() in password.casefold():
        raise Refused("password_named", "new")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise Refused("password_simple", "new")
