"""Codes of an authenticator (RFC 6238: SHA-1, 30 s, six digits), each taken once. Pure."""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1  # a telephone's clock may be half a minute off
SECRET_BYTES = 20


def step_at(now: datetime) -> int:
    """The number of the time step that this moment lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def accepted_step(secret: bytes, code: str, last_step: int | None, now: datetime) -> int | None:
    """The time step whose code this is, or None. A step up to the last one taken is never taken again."""
    typed = "".join(code.split()).encode()  # authenticators show 123 456
    for step in range(step_at(now) - DRIFT_STEPS, step_at(now) + DRIFT_STEPS + 1):
        is_fresh = last_step is None or step > last_step
        if hmac.compare_digest(code_at(secret, step).encode(), typed) and is_fresh:
            return step
    return None


def base32(secret: bytes) -> str:
    """The secret as it is keyed into an authenticator, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, user_name: str, issuer: str) -> str:
    """What an authenticator opens: otpauth://totp/..."""
    facts = {"secret": base32(secret).replace(" ", ""), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(issuer)}:{quote(user_name)}?{urlencode(facts, quote_via=quote)}"
