"""Prometheus counters. Labels are closed sets, without personal data."""

from prometheus_client import Counter

TURNS = Counter("ivr_turns", "Webhooks by result", ["result"])
ANSWERED = TURNS.labels("answered")  # looked up once, since every turn counts it
