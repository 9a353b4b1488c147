"""The declarative base, column types and engines for SQLite and PostgreSQL."""

from ivr.db.base import Base, Instant
from ivr.db.engines import Database, open_database
from ivr.db.kept import Transaction
from ivr.db.locks import take_turn

__all__ = ["Base", "Database", "Instant", "Transaction", "open_database", "take_turn"]
