"""The people who work here: accounts, roles, what each may do, how they sign in."""
