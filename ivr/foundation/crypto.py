"""Field encryption, blind indexes and keyed digests, with keys derived from the installation's secret key."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.foundation.errors import ConfigurationError

_ID_BYTES = 4
_NONCE_BYTES = 12
CHECK_BYTES = 16
MIN_DISTINCT_CHARACTERS = 8  # minimum number of distinct characters in a random secret


def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"ivr/{purpose}".encode()).derive(secret.encode())


@dataclass(frozen=True, slots=True)
class _Key:
    id: bytes
    cipher: AESGCM


def _field_key(secret: str) -> _Key:
    key = _derive(secret, "field")
    return _Key(hashlib.sha256(key).digest()[:_ID_BYTES], AESGCM(key))


@dataclass(frozen=True, slots=True)
class Keyring:
    """Encrypts with the first secret and decrypts with any; `IVR_SECRET_KEY` holds "newest,older,...".

    The blind index and the pepper use the *last* (oldest) secret, so that rotating the field keys does not change
    look-ups and password hashes.
    """

    secrets: tuple[str, ...] = field(repr=False)
    _keys: tuple[_Key, ...] = field(init=False, repr=False)
    _index: bytes = field(init=False, repr=False)
    _pepper: bytes = field(init=False, repr=False)
    checks: tuple[bytes, ...] = field(init=False, repr=False)
    """A value for each secret, the oldest first, by which it is known again; nothing of the secret follows from it."""

    def __post_init__(self) -> None:
        if not self.secrets or any(len(s) < 32 for s in self.secrets):
            raise ConfigurationError("IVR_SECRET_KEY needs at least 32 characters; make one with: openssl rand -hex 32")
        if any(len(set(s)) < MIN_DISTINCT_CHARACTERS for s in self.secrets):
            raise ConfigurationError("IVR_SECRET_KEY repeats itself; make one with: openssl rand -hex 32")
        object.__setattr__(self, "_keys", tuple(_field_key(s) for s in self.secrets))
        object.__setattr__(self, "_index", _derive(self.secrets[-1], "index"))
        object.__setattr__(self, "_pepper", _derive(self.secrets[-1], "pepper"))
        checks = (_derive(secret, "check")[:CHECK_BYTES] for secret in reversed(self.secrets))
        object.__setattr__(self, "checks", tuple(checks))

    @classmethod
    def from_text(cls, text: str) -> "Keyring":
        """The keyring for the comma-separated value of `IVR_SECRET_KEY`."""
        return cls(tuple(part.strip() for part in text.split(",") if part.strip()))

    def seal(self, place: str, plain: bytes) -> bytes:
        """AES-GCM ciphertext: key id, nonce, ciphertext. `place` is "table.column|row key" and is authenticated with
        the text.
        """
        key = self._keys[0]
        nonce = os.urandom(_NONCE_BYTES)
        return key.id + nonce + key.cipher.encrypt(nonce, plain, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises `ConfigurationError` when no key fits or the ciphertext belongs to another place."""
        key_id, nonce, body = sealed[:_ID_BYTES], sealed[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], sealed[16:]
        for key in self._keys:
            if key.id == key_id:
                try:
                    return key.cipher.decrypt(nonce, body, place.encode())
                except InvalidTag as error:
                    raise ConfigurationError(f"sealed value at {place} does not open") from error
        raise ConfigurationError(f"no key opens the value at {place}; is an older secret missing in IVR_SECRET_KEY?")

    def seal_text(self, place: str, plain: str) -> bytes:
        """`seal` for text."""
        return self.seal(place, plain.encode())

    def open_text(self, place: str, sealed: bytes) -> str:
        """`open` for text."""
        return self.open(place, sealed).decode()

    def blind_index(self, kind: str, value: str) -> bytes:
        """A 32-byte keyed digest for looking up an encrypted value of this kind."""
        return hmac.digest(self._index, f"{kind}|{value}".encode(), "sha256")

    def pepper(self, purpose: str, value: str) -> bytes:
        """A 32-byte keyed digest of a secret, as input to a password hash; never a look-up key."""
        return hmac.digest(self._pepper, f"{purpose}|{value}".encode(), "sha256")
