"""Background work, whatever it is for: tasks that come round, rows under a lease, retention, figures, a sign of life.

Each domain exports TASKS, RETENTION and GAUGES as plain tuples; `ivr/domains.py` collects them.
"""
