"""What services promise to flows, and that a promise which is broken is told at once."""

from typing import Any, cast

import pytest

from ivr.calls.services import registry
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, catalogue
from ivr.engine.contracts import ServiceContract

LISTED = ServiceContract(
    "listed",
    outcomes={"found": ("cards",), "none": ()},
    outputs={"cards": "list"},
    parts={"cards": {"last4": "digits"}},
)


class Nobody:
    """A context in which nothing was proven; no service here asks it for more."""

    grants: frozenset[str] = frozenset()
    customer_id = None


def asked(monkeypatch: pytest.MonkeyPatch, answer: ServiceAnswer) -> Any:
    """What comes of a service that answers so."""
    monkeypatch.setitem(registry._SERVICES, "listed", (LISTED, lambda _: answer))
    return registry.invoke("listed", cast(Context, Nobody()), {})


def test_every_list_and_choice_says_what_may_be_spoken_of_an_item() -> None:
    for contract in catalogue().values():
        chosen = {name for name, kind in contract.outputs.items() if kind in ("list", "choice")}
        assert chosen == contract.parts.keys(), contract.name
        assert all("id" not in parts for parts in contract.parts.values()), contract.name


def test_every_fact_has_a_type() -> None:
    for contract in catalogue().values():
        facts = {fact for facts in contract.outcomes.values() for fact in facts}
        assert facts == contract.outputs.keys(), contract.name


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (ServiceAnswer("lost"), "answered 'lost', which its contract does not know"),
        (ServiceAnswer("found"), "answered 'found' without cards"),
        (ServiceAnswer("found", {"cards": [{"last4": "4458"}, {"id": "7"}]}), "answered 'found' without cards.last4"),
    ],
)
def test_a_broken_promise_is_told(monkeypatch: pytest.MonkeyPatch, answer: ServiceAnswer, fault: str) -> None:
    with pytest.raises(LookupError, match=fault):
        asked(monkeypatch, answer)


@pytest.mark.parametrize(
    "answer",
    [
        ServiceAnswer("none"),
        ServiceAnswer("found", {"cards": []}),
        ServiceAnswer("found", {"cards": [{"last4": "4458"}]}),
    ],
)
def test_a_kept_promise_is_passed_on(monkeypatch: pytest.MonkeyPatch, answer: ServiceAnswer) -> None:
    assert asked(monkeypatch, answer) is answer


def test_what_is_refused_is_an_outcome() -> None:
    for contract in catalogue().values():
        assert contract.refuses <= contract.outcomes.keys(), contract.name
