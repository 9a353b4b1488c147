"""Prometheus gauges that are computed from the database at each scrape."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class GaugeValue:
    """One gauge value: metric name, help text, labels (closed sets, no personal data), value."""

    name: str
    meaning: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Scrape:
    """One scrape of /metrics. `known` lists all values of a label, so that zeros are exported too."""

    connection: Connection
    now: datetime
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)


GaugeCollector = Callable[[Scrape], Iterable[GaugeValue]]
"""Computes the gauge values of one domain."""
