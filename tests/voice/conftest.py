"""Every test of this folder may ask for a running hotline."""

from tests.support.hotline_fixtures import (
    clock,
    hotline,
    quick_hotline,
    seeded,
    seeded_postgres,
    seeded_sqlite,
    shared_hotline,
)

__all__ = ["clock", "hotline", "quick_hotline", "seeded", "seeded_postgres", "seeded_sqlite", "shared_hotline"]
