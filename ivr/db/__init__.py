"""The database: declarative base, column types, engines and transactions for SQLite and PostgreSQL."""

from ivr.db.base import Base, Instant
from ivr.db.engines import Database, open_database
from ivr.db.hot.connection_pool import Transaction
from ivr.db.unit_of_work import do_last, finish, look, work

__all__ = ["Base", "Database", "Instant", "Transaction", "do_last", "finish", "look", "open_database", "work"]
