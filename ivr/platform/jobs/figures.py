"""Figures for whoever watches the hotline, counted in the database when they are asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name and meaning, its labels (closed sets, nothing of anyone), its value."""

    name: str
    meaning: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the database. `known` are the values that a label has, so that a zero is shown too."""

    connection: Connection
    now: datetime
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)


Gauge = Callable[[Look], Iterable[Figure]]
"""Counts the figures of one domain."""
