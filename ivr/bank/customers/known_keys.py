"""Whether the secrets of this process are those of its database: looked at by every process when it starts."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.db import Database, look, schema, work
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.platform.audit import log as audit
from ivr.platform.keys import checks

STRANGE = (
    "this database was made with another key, or IVR_SECRET_KEY is in the wrong order (the newest first, the oldest "
    "last): give IVR_SECRET_KEY, or bring back secret.key beside the database, as they were (docs/operations.md, Keys)"
)


def check(database: Database, keyring: Keyring, now: datetime) -> None:
    """Raise `ConfigurationError` where the secrets do not fit, and write down those that are new.

    Errors of SQLAlchemy's where the database does not answer. One of another version serves no calls: there only what
    a customer's row tells is looked at.
    """
    if schema.present(database) != schema.newest():
        with look(database) as db:
            if not _is_readable(db, keyring):
                raise ConfigurationError(STRANGE)
        return
    if not _is_complete(database, keyring):
        _note(database, keyring, now)


def is_unused(database: Database) -> bool:
    """Whether nothing was sealed in this database yet, so that a key may be made for it; true where nobody answers."""
    try:
        with look(database) as db:
            return _is_readable(db, None) and not checks.known(db)
    except SQLAlchemyError:
        return True


def _is_readable(db: Session, keyring: Keyring | None) -> bool:
    try:
        return directory.is_readable(db, keyring)
    except SQLAlchemyError:  # there is no such table yet
        return True


def _is_complete(database: Database, keyring: Keyring) -> bool:
    """Whether every secret is known already."""
    with look(database) as db:
        if not checks.known(db) and not (directory.is_readable(db, keyring) and audit.is_ours(db, keyring)):
            raise ConfigurationError(STRANGE)
        return not checks.unknown(db, keyring)


def _note(database: Database, keyring: Keyring, now: datetime) -> None:
    try:
        with work(database) as db:
            checks.note(db, keyring, now)
    except IntegrityError:  # another process started at this moment: its secrets count, and ours must be the same
        with look(database) as db:
            checks.unknown(db, keyring)
