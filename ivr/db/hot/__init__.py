"""Database access of a caller's turn: prepared statements on connections that stay checked out.

A turn runs four statements. SQLAlchemy's pool, events and results would take five times as long as the database;
docs/decisions/0001-prepared-statements-on-the-hot-path.md has the figures. Everything else uses `ivr.db.work`.
"""
