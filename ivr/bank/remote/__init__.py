"""A core bank over HTTP, and the orders whose outcome it still owes."""
