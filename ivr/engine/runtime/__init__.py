"""Advances a call by one event: takes an event, returns actions."""
