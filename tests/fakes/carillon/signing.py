"""A carillon's signature: HMAC-SHA256 over time, URL and body, in hexadecimal, with the time beside it."""

import hashlib
import hmac

HEADER = "Carillon-Seal"


def seal(secret: str, at: int, url: str, body: bytes) -> str:
    """The header's value. `at` is seconds since 1970."""
    text = b"%d\n%s\n%s" % (at, url.encode(), body)
    return f"at={at};seal={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"
