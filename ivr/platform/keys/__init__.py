"""Check values of the secrets that a database was written with; other secrets, or another order, are refused."""
