"""The steps by which the schema came to be: frozen, so none imports a domain, whose code moves on."""
