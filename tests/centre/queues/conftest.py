"""These tests let several callers share one transaction, so their locks are in no order."""

import pytest

from ivr.db.locks import Policy


@pytest.fixture(autouse=True)
def _several_callers_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Policy, "raises", False)
