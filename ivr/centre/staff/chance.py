"""Chance for staff: tokens of sessions, temporary passwords, secrets of authenticators, codes for recovery."""

import secrets

from ivr.centre.staff.totp import SECRET_BYTES

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else
CODES = 10


def session_token() -> str:
    """256 bits for a cookie."""
    return secrets.token_urlsafe(32)


def temporary_password() -> str:
    """Four groups of five: 99 bits, to be read aloud once and changed at the first sign-in."""
    return "-".join(_letters(5) for _ in range(4))


def totp_secret() -> bytes:
    """160 bits, as RFC 4226 asks for."""
    return secrets.token_bytes(SECRET_BYTES)


def recovery_codes() -> list[str]:
    """Ten codes of 49 bits, each for once; the throttle stands before them."""
    return [f"{_letters(5)}-{_letters(5)}" for _ in range(CODES)]


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))
