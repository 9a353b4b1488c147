"""The floor: what queues and agents do now and did today, what is too much, and what a team leader does about it."""
