"""A core bank over HTTP, and the orders that are sent to it."""
