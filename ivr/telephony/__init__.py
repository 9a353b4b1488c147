"""The telephone provider: the port that the product speaks to, and the adapters behind it."""
