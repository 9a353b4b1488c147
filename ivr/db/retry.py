"""Which database errors mean "take the whole transaction again"."""

import sqlite3

from sqlalchemy.exc import DBAPIError

# serialization failure, deadlock, lock not available; the server goes down or ended this backend; lost connections
_STATES = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08003", "08006", "08001"})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def is_retryable(error: DBAPIError) -> bool:
    """True where nothing was kept or only the commit's answer was lost: a repeat finds out and does it once."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in _BUSY
    return error.connection_invalidated or getattr(original, "sqlstate", None) in _STATES
