"""The declarative base, column types and engines for SQLite and PostgreSQL."""

from ivr.db.base import Base, Instant
from ivr.db.engines import Database, open_database
from ivr.db.kept import Transaction

__all__ = ["Base", "Database", "Instant", "Transaction", "open_database"]
