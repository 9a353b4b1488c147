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
from tests.support.memory import temporary_root
from tests.support.selection import pytest_collection_modifyitems

__all__ = [
    "database",
    "fast_hasher",
    "keyring",
    "postgres_database",
    "postgres_server",
    "pytest_collection_modifyitems",
    "settings",
    "sqlite_database",
    "sqlite_template",
]

Policy.raises = True  # a lock out of order is a deadlock that has not happened yet
temporary_root()  # chosen before pytest makes a folder
