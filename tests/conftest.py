"""Fixtures every test may ask for."""

from ivr.db.locks import Policy
from tests.support.databases import (
    database,
    fast_hasher,
    keyring,
    postgres_database,
    postgres_server,
    settings,
    sqlite_database,
    sqlite_template,
)

__all__ = [
    "database",
    "fast_hasher",
    "keyring",
    "postgres_database",
    "postgres_server",
    "settings",
    "sqlite_database",
    "sqlite_template",
]

Policy.raises = True  # a lock out of order is a deadlock that has not happened yet
