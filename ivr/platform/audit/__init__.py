"""What was done and by whom: append-only, chained by keyed digests, its head anchored outside the database."""
