"""A routing row whose intent no flow has is reported."""

from ivr.engine.checks import routing
from tests.engine.small_bank import MAIN, small_bundle

FLOWS = {"main": MAIN.replace("start: menu", "start: menu\nintent: password")}


def told(*rows: dict[str, str]) -> list[str]:
    """What is found in these rows and the one for everybody."""
    bundle = small_bundle(FLOWS, routing=[*rows, {"queue": "general"}])
    return [str(finding) for finding in routing.check(bundle)]


def test_an_intent_that_a_flow_has_is_fine() -> None:
    assert told({"intent": "password", "queue": "general"}, {"language": "en", "queue": "general"}) == []


def test_an_intent_that_no_flow_has_is_told_with_the_one_that_was_meant() -> None:
    assert told({"language": "en", "queue": "general"}, {"intent": "pasword", "queue": "general"}) == [
        "config.yaml:1:1: routing routing.1: row 2 of routing: names the intent 'pasword', which no flow has. "
        "No caller would reach 'general' by it. did you mean 'password'?"
    ]
