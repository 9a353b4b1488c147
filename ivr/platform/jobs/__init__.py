"""Background jobs: periodic tasks, leased rows, retention, gauges, heartbeat, startup.

Each domain exports TASKS, RETENTION and GAUGES as plain tuples; `ivr/domains.py` collects them.
"""
