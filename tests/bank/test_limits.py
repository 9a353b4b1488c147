"""The limits of transfers, as the facts come in."""

from datetime import UTC, datetime

import pytest

from ivr.bank.limits import TransferFacts, Verdict, transfer_verdict
from ivr.foundation.config import Settings

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(("sent", "room"), [(0, 200_00), (199_00, 1_00), (200_00, 0), (201_00, 0), (1_000_00, 0)])
def test_what_may_still_be_sent_is_never_less_than_nothing(settings: Settings, sent: int, room: int) -> None:
    """The bank may lower the limit of a day on which more than that was sent already."""
    rules = settings.transfer.model_copy(update={"each_fen": 1_000_00, "a_day_fen": 200_00})
    facts = TransferFacts(
        amount_fen=room + 1,
        available_fen=10_000_00,
        sent_today_fen=sent,
        card="active",
        held_until=None,
        is_payee=True,
        is_same_account=False,
    )
    assert transfer_verdict(facts, rules, NOW) == Verdict("over_day", room_fen=room)
