"""Random secrets: session tokens, temporary passwords, authenticator secrets, recovery codes."""

import secrets

from ivr.centre.staff.totp import SECRET_BYTES

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without characters that look alike
CODES = 10


def session_token() -> str:
    """A session token of 256 bits, for a cookie."""
    return secrets.token_urlsafe(32)


def temporary_password() -> str:
    """Four groups of five characters (99 bits), easy to read aloud; changed at the first sign-in."""
    return "-".join(_letters(5) for _ in range(4))


def totp_secret() -> bytes:
    """A secret of 160 bits, as RFC 4226 recommends."""
    return secrets.token_bytes(SECRET_BYTES)


def recovery_codes() -> list[str]:
    """Ten single-use codes of 49 bits; sign-in throttling protects them."""
    return [f"{_letters(5)}-{_letters(5)}" for _ in range(CODES)]


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))
