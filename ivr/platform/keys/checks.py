"""The check values in the database: compared at every start, stored when a secret is first used."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.platform.keys import order
from ivr.platform.keys.models import KeyCheck


def known(db: Session) -> list[bytes]:
    """The stored check values, the oldest first."""
    return list(db.scalars(select(KeyCheck.value).order_by(KeyCheck.number)))


def unknown(db: Session, keyring: Keyring) -> list[KeyCheck]:
    """The check values of new secrets; raises `ConfigurationError` when the keyring does not match."""
    met = known(db)
    fault = order.fault(met, keyring.checks)
    if fault is not None:
        raise ConfigurationError(fault)
    return [KeyCheck(number=number, value=value) for number, value in enumerate(keyring.checks, 1) if number > len(met)]


def note(db: Session, keyring: Keyring, now: datetime) -> None:
    """Store the check values of new secrets; IntegrityError when another process does so at the same time."""
    for row in unknown(db, keyring):
        row.since = now
        db.add(row)
    db.flush()
