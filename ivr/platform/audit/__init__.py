"""The audit log: append-only, chained by keyed digests, its head anchored outside the database."""
