"""The services that flows may invoke: thin functions over the domains, related ones in one file."""
