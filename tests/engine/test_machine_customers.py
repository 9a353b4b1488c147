"""A call in which another customer is identified: earlier proofs are not valid any more."""

import pytest

from ivr.engine.events import Grant, ServiceAnswered
from tests.engine.played_call import AT, PlayedCall, bank

TOLD, FREE = (1, "main", "tell"), (1, "main", "menu")  # a step that says a balance, and one that needs nothing


def _identified(customer_id: str) -> PlayedCall:
    line = PlayedCall(bank("main.look"))
    line.session.customer_id = "wang_fang"
    line.session.grants = {name: Grant(name) for name in ("query", "transaction", "second_factor")}
    line.session.frames[0].variables = {"balance": 5238066, "accounts": [{"last4": "4458"}], "number": "13800138000"}
    line.session.history = [FREE, TOLD]
    return line.take(ServiceAnswered(AT, "unavailable", {}, customer_id=customer_id))


def test_another_customer_has_proven_nothing() -> None:
    line = _identified("li_qiang")
    assert line.session.customer_id == "li_qiang"
    assert line.session.grants == {}


@pytest.mark.parametrize("proof", ["query", "transaction", "second_factor"])
def test_the_same_customer_keeps_what_was_proven(proof: str) -> None:
    assert _identified("wang_fang").session.is_proven(proof, AT.timestamp())


def test_what_the_bank_told_of_the_one_before_is_gone_and_no_way_leads_back() -> None:
    """A number that the caller keyed is the call's own."""
    line = _identified("li_qiang")
    assert line.session.frames[0].variables == {"number": "13800138000"}
    assert TOLD not in line.session.history
    assert FREE in line.session.history


def test_the_same_customer_keeps_what_the_bank_told() -> None:
    line = _identified("wang_fang")
    assert line.session.frames[0].variables.keys() == {"balance", "accounts", "number"}
    assert TOLD in line.session.history
