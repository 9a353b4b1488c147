"""Twilio's webhook signature: HMAC-SHA1 over the public URL and the sorted form (docs/decisions/0026)."""

import base64
import hmac
from collections.abc import Collection
from urllib.parse import urlsplit, urlunsplit

_PORTS = {"https": 443, "http": 80}


def sign(token: str, url: str, pairs: Collection[tuple[str, str]]) -> str:
    """The value of X-Twilio-Signature; repeated names contribute their distinct values in order."""
    fields = dict(pairs)
    if len(fields) == len(pairs):  # the usual case; sorting names alone is twice as fast
        signed = [name + fields[name] for name in sorted(fields)]
    else:
        signed = [name + value for name, value in sorted(set(pairs))]
    text = url + "".join(signed)
    return base64.b64encode(hmac.digest(token.encode(), text.encode("utf-8", "surrogatepass"), "sha1")).decode()


def _other_port(url: str) -> str:
    """The URL with the port added or removed: the provider signs either form."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return urlunsplit(parts._replace(netloc=host if parts.port else f"{host}:{_PORTS.get(parts.scheme)}"))


def is_valid(token: str, url: str, pairs: Collection[tuple[str, str]], given: str) -> bool:
    """True when the signature is valid, compared in constant time; an empty token or signature never is."""
    if not token or not given or not given.isascii():
        return False
    if hmac.compare_digest(sign(token, url, pairs), given):
        return True
    other = _other_port(url)
    return other != url and hmac.compare_digest(sign(token, other, pairs), given)
