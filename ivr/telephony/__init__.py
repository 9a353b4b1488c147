"""The port to a telephone provider, and its adapters."""
