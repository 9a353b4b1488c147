"""Queues for agents: queue entries, positions, expected wait, and callbacks."""
