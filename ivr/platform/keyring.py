"""The keyring that a unit of work carries, so that deeds seal and audit without handing it on."""

from sqlalchemy.orm import Session

from ivr.foundation.crypto import Keyring


def carry(db: Session, keyring: Keyring) -> None:
    """Let this unit of work seal and audit with these keys."""
    db.info["keyring"] = keyring


def keyring_of(db: Session) -> Keyring:
    """The keys of this unit of work; LookupError where it was begun without any."""
    keyring: Keyring = db.info["keyring"]
    return keyring
