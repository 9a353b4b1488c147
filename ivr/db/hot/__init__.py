"""The database as a caller's turn uses it: prepared statements on connections that stay checked out.

A turn runs four statements. SQLAlchemy's pool, events and results around them cost five times what the database does;
docs/decisions/0001-prepared-statements-on-the-hot-path.md has the figures. Everything else uses `ivr.db.work`.
"""
