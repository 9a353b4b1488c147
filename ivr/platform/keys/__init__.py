"""Which secrets a database was written with, so that others, or the same ones in another order, are refused."""
