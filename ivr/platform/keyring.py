"""The keyring of a unit of work, stored in its session, so that operations need no keyring parameter."""

from sqlalchemy.orm import Session

from ivr.foundation.crypto import Keyring


def carry(db: Session, keyring: Keyring) -> None:
    """Attach a keyring to this unit of work."""
    db.info["keyring"] = keyring


def keyring_of(db: Session) -> Keyring:
    """The keyring of this unit of work; LookupError without one."""
    keyring: Keyring = db.info["keyring"]
    return keyring
