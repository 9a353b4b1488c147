"""What `make test` leaves to `make check-all`: most journeys on PostgreSQL, and most examples of a property.

A journey tries what a caller hears, and runs on SQLite. Where locks, durability or an SQL statement of its own matter
it is marked `both`, and runs on PostgreSQL in `make test` too. What is left out there is marked `whole`.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import settings

JOURNEYS = Path(__file__).parents[1] / "journeys"
SHARE = {"quick": 30, "whole": 100}  # percent; hypothesis makes 100 examples where nothing else is said

for name, percent in SHARE.items():
    settings.register_profile(name, max_examples=percent)
settings.load_profile("quick")  # pytest --hypothesis-profile=whole loads the other one


def examples(most: int) -> int:
    """How many examples a property is tried with, of so many in `make check-all`."""
    return max(1, most * settings().max_examples // 100)


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark as `whole` the journeys on PostgreSQL that are not marked `both`."""
    for item in items:
        if (
            item.get_closest_marker("postgres")
            and not item.get_closest_marker("both")
            and JOURNEYS in item.path.parents
        ):
            item.add_marker("whole")
