"""Which database errors are retryable, with a new transaction."""

import sqlite3

from sqlalchemy.exc import DBAPIError

# serialization failure, deadlock, lock not available; the server goes down or ended this backend; lost connections
_STATES = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08003", "08006", "08001"})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def is_retryable(error: DBAPIError) -> bool:
    """True when nothing was committed, or only the answer to the COMMIT was lost: idempotent work may be retried."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in _BUSY
    return error.connection_invalidated or getattr(original, "sqlstate", None) in _STATES
