"""What an instruction is known by: its key, the digest of what was asked, and the reference a caller hears."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from ivr.foundation.crypto import Keyring

LOWEST = 10**11  # references have twelve digits
MOST_TAKEN = 4  # with a billion references in use, four in a row are taken once in 10**12 postings


@dataclass(frozen=True)
class Instruction:
    """What was asked under a key; `about` is the rest of what makes two requests the same."""

    key: str
    kind: str
    customer_id: str
    amount_fen: int
    about: tuple[str, ...]

    def digest(self, keyring: Keyring) -> bytes:
        """32 bytes that tell two requests under one key apart, and nothing about them without the keys."""
        return keyring.blind_index("request", json.dumps([self.kind, self.customer_id, self.amount_fen, *self.about]))


def reference_for(keyring: Keyring, key: str, is_taken: Callable[[str], bool]) -> str:
    """Twelve digits that are not taken, the same for every try of the same key."""
    return next(each for salt in count() if not is_taken(each := _reference(keyring, key, salt)))


def is_reference_for(keyring: Keyring, key: str, reference: str) -> bool:
    """Whether `reference_for` gave this reference to this key, whatever was taken then."""
    return any(_reference(keyring, key, salt) == reference for salt in range(MOST_TAKEN))


def _reference(keyring: Keyring, key: str, salt: int) -> str:
    return str(LOWEST + int.from_bytes(keyring.blind_index("reference", f"{salt}|{key}")) % (9 * LOWEST))
