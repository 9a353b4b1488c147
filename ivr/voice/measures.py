"""What Prometheus is told. Labels are closed sets: no number, name or id of anyone."""

from prometheus_client import Counter

TURNS = Counter("ivr_turns", "Webhooks by what became of them", ["result"])
ANSWERED = TURNS.labels("answered")  # looked up once: it counts every turn
