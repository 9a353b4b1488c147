"""The circuit breaker, a second at a time."""

from ivr.bank.remote.breaker import FAILURES, Breaker
from ivr.bank.remote.breaker import REST_SECONDS as REST

NOW = 1000.0
SECOND = 1.0


def opened() -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = breaker.after(NOW, answered=False)
    return breaker


def test_it_stays_closed_until_failures_come_in_a_row() -> None:
    breaker = Breaker()
    for _ in range(5):
        for _ in range(FAILURES - 1):
            breaker = breaker.after(NOW, answered=False)
            assert breaker.allows(NOW)
        breaker = breaker.after(NOW, answered=True)
    assert breaker == Breaker()


def test_it_opens_and_lets_one_question_through_after_a_rest() -> None:
    breaker = opened()
    assert not breaker.allows(NOW)
    assert not breaker.allows(NOW + REST - SECOND)
    assert breaker.allows(NOW + REST)
    assert not breaker.asking(NOW + REST).allows(NOW + REST + SECOND)


def test_a_probe_that_fails_opens_it_again_and_one_that_is_answered_closes_it() -> None:
    probing = opened().asking(NOW + REST)
    assert not probing.after(NOW + REST, answered=False).allows(NOW + REST + SECOND)
    assert probing.after(NOW + REST, answered=True) == Breaker()
