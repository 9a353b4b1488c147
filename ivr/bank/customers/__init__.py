"""Customers: their data, how they are verified, and when they are locked out."""
