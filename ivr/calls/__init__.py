"""A call in the world: the only loop between engine and services, its journal, and the hand-over to a queue."""
