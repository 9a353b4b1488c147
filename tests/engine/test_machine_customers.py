"""A call that turns out to be somebody else's: what was proven before proves nothing any more."""

import pytest

from ivr.engine.events import Grant, ServiceAnswered
from tests.engine.line import AT, Line, bank


def _identified(customer: str) -> Line:
    line = Line(bank("main.look"))
    line.session.customer = "wang_fang"
    line.session.grants = {name: Grant(name) for name in ("query", "transaction", "second_factor")}
    return line.take(ServiceAnswered(AT, "unavailable", {}, customer=customer))


def test_another_customer_has_proven_nothing() -> None:
    line = _identified("li_qiang")
    assert line.session.customer == "li_qiang"
    assert line.session.grants == {}


@pytest.mark.parametrize("proof", ["query", "transaction", "second_factor"])
def test_the_same_customer_keeps_what_was_proven(proof: str) -> None:
    assert _identified("wang_fang").session.holds(proof, AT.timestamp())
