"""Rules for understanding callers: one module for each language."""
