"""Check at start that the secrets of this process are those of its database."""

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
    """Raise `ConfigurationError` when the secrets do not match; store the check values of new ones.

    Raises SQLAlchemy's errors when the database does not answer. For a database of another schema version, which serves
    no calls, only the row of a customer is checked.
    """
    if schema.present(database) != schema.newest():
        with look(database) as db:
            if not _is_readable(db, keyring):
                raise ConfigurationError(STRANGE)
        return
    if not _is_complete(database, keyring):
        _note(database, keyring, now)


def is_unused(database: Database) -> bool:
    """Whether the database holds no sealed value yet, so that a key may be generated; true when it does not answer."""
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
    """Whether the check value of every secret is stored already."""
    with look(database) as db:
        if not checks.known(db) and not (directory.is_readable(db, keyring) and audit.is_ours(db, keyring)):
            raise ConfigurationError(STRANGE)
        return not checks.unknown(db, keyring)


def _note(database: Database, keyring: Keyring, now: datetime) -> None:
    try:
        with work(database) as db:
            checks.note(db, keyring, now)
    except IntegrityError:  # another process stored its secrets at the same time; ours must equal them
        with look(database) as db:
            checks.unknown(db, keyring)
