"""The way into a hotline: real HTTP, and the provider's signature by its documentation alone."""

import base64
import hashlib
import hmac
import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus, urlsplit

PATIENCE_SECONDS = 30
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Door:
    """Where a hotline is reached, and what its provider was told: `public_url` is signed, `address` is dialled.

    `strip` is the part of the path that a proxy in front takes away.
    """

    address: tuple[str, int]
    public_url: str
    account: str
    token: str
    strip: str = ""

    def sign(self, url: str, pairs: Pairs) -> str:
        """The provider's signature of a form."""
        values: dict[str, set[str]] = {}
        for name, value in pairs:
            values.setdefault(name, set()).add(value)
        text = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
        return base64.b64encode(hmac.new(self.token.encode(), text.encode(), hashlib.sha1).digest()).decode()

    def send(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> "Reply":
        """One HTTP request on a connection of its own."""
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()})
        finally:
            connection.close()

    def post(self, url: str, pairs: Pairs, headers: Mapping[str, str] | None = None) -> "Reply":
        """A signed form, sent to a public URL."""
        return self.send("POST", *self.signed(url, pairs, headers))

    def signed(self, url: str, pairs: Pairs, headers: Mapping[str, str] | None = None) -> "Request":
        """Path, body and headers of a signed form."""
        parts = urlsplit(url)
        path = parts.path.removeprefix(self.strip) + (f"?{parts.query}" if parts.query else "")
        said = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": self.sign(url, pairs),
            **(headers or {}),
        }
        return path, encoded(pairs), said


Request = tuple[str, bytes, Mapping[str, str]]


def encoded(pairs: Pairs) -> bytes:
    """A form's body."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()
