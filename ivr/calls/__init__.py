"""Calls: the loop between engine and services, the journal, publishing, the wait loop, and the hand-over to a queue."""
