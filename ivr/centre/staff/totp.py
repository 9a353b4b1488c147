"""TOTP codes of an authenticator (RFC 6238: SHA-1, 30 s, six digits), each accepted once. Pure."""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1  # the authenticator's clock may be off by half a minute
SECRET_BYTES = 20


def step_at(now: datetime) -> int:
    """The time step of this moment."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def accepted_step(secret: bytes, code: str, last_step: int | None, now: datetime) -> int | None:
    """The time step of a valid code, or None. Steps up to `last_step` are not accepted again."""
    typed = "".join(code.split()).encode()  # authenticators show 123 456
    for step in range(step_at(now) - DRIFT_STEPS, step_at(now) + DRIFT_STEPS + 1):
        is_fresh = last_step is None or step > last_step
        if hmac.compare_digest(code_at(secret, step).encode(), typed) and is_fresh:
            return step
    return None


def base32(secret: bytes) -> str:
    """The secret in base32, in groups of four, for keying into an authenticator."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, user_name: str, issuer: str) -> str:
    """The otpauth://totp/ URI that an authenticator opens."""
    facts = {"secret": base32(secret).replace(" ", ""), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(issuer)}:{quote(user_name)}?{urlencode(facts, quote_via=quote)}"
