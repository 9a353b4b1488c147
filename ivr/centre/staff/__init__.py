"""Staff: accounts, roles, permissions, sign-in."""
