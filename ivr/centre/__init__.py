"""The customer service centre: staff, queues and callbacks."""
