"""Twilio's webhook signature (twilio.md 3): HMAC-SHA1 over the public URL and the sorted form."""

import base64
import hmac
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

Pairs = Iterable[tuple[str, str]]
_PORTS = {"https": 443, "http": 80}


def sign(token: str, url: str, pairs: Pairs) -> str:
    """The value of X-Twilio-Signature; repeated names contribute their distinct values in order."""
    values: dict[str, set[str]] = defaultdict(set)
    for name, value in pairs:
        values[name].add(value)
    text = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    return base64.b64encode(hmac.digest(token.encode(), text.encode("utf-8", "surrogatepass"), "sha1")).decode()


def _with_port(url: str) -> str:
    """The URL with its port written out, or left out where it was written: the provider's back end does both."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    default = _PORTS.get(parts.scheme)
    if parts.port is not None:
        return urlunsplit(parts._replace(netloc=host)) if parts.port == default else url
    return urlunsplit(parts._replace(netloc=f"{host}:{default}"))


def is_valid(token: str, url: str, pairs: Iterable[tuple[str, str]], given: str) -> bool:
    """True when the signature fits, compared in constant time; an empty token or signature never does."""
    if not token or not given or not given.isascii():
        return False
    form = tuple(pairs)
    if hmac.compare_digest(sign(token, url, form), given):
        return True
    other = _with_port(url)
    return other != url and hmac.compare_digest(sign(token, other, form), given)
