"""The documents' first call is made on a running hotline."""

from tests.support.hotline_fixtures import clock, quick_hotline, seeded_sqlite

__all__ = ["clock", "quick_hotline", "seeded_sqlite"]
