"""The people's half: queues and callbacks."""
