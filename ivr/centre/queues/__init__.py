"""Queues for people: who waits, where they stand, how long it will take, and callbacks."""
