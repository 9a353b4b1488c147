"""Rules for speaking values: one module for each language."""
