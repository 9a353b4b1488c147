"""The identity of an instruction: idempotency key, request digest, and the reference read to the caller."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from ivr.foundation.crypto import Keyring

LOWEST = 10**11  # a reference has twelve digits
MOST_TAKEN = 4  # with a billion references in use, four in a row are taken once in 10**12 postings


@dataclass(frozen=True)
class Instruction:
    """The request under an idempotency key; `about` holds the other values that distinguish two requests."""

    key: str
    kind: str
    customer_id: str
    amount_fen: int
    about: tuple[str, ...]

    def digest(self, keyring: Keyring) -> bytes:
        """A keyed digest of 32 bytes; two requests under one key are the same when their digests are equal."""
        return keyring.blind_index("request", json.dumps([self.kind, self.customer_id, self.amount_fen, *self.about]))


def reference_for(keyring: Keyring, key: str, is_taken: Callable[[str], bool]) -> str:
    """A free reference of twelve digits, derived from the key, so that a retry gets the same one."""
    return next(each for salt in count() if not is_taken(each := _reference(keyring, key, salt)))


def is_reference_for(keyring: Keyring, key: str, reference: str) -> bool:
    """Whether `reference_for` can have given this reference to this key."""
    return any(_reference(keyring, key, salt) == reference for salt in range(MOST_TAKEN))


def _reference(keyring: Keyring, key: str, salt: int) -> str:
    return str(LOWEST + int.from_bytes(keyring.blind_index("reference", f"{salt}|{key}")) % (9 * LOWEST))
