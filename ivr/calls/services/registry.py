"""The registry of services and their contracts; here a refusal becomes an outcome."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ivr.calls.services.context import Context
from ivr.engine.contracts import Catalogue, ServiceContract
from ivr.engine.events import Grant
from ivr.foundation.errors import CoreUnavailable, NotReadBack

_PACKAGE = "ivr.calls.services"
_NOTHING = object()
_SERVICES: "dict[str, tuple[ServiceContract, Body]]" = {}


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """A service's answer. `committed`: an effect is committed with this turn's transaction; `identified_by`: the last
    digits of the card that identified the customer.
    """

    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    customer_id: str | None = None
    committed: bool = False
    identified_by: str = ""


class Working:
    """The service needs more than this turn; it is invoked again with the same key."""


Body = Callable[..., ServiceAnswer | Working]


def service(contract: ServiceContract) -> Callable[[Body], Body]:
    """Register a function `(context, **inputs) -> ServiceAnswer | Working` under its contract."""

    def keep(body: Body) -> Body:
        _SERVICES[contract.name] = (contract, body)
        return body

    return keep


@cache
def _load() -> None:
    for module in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__):
        importlib.import_module(f"{_PACKAGE}.{module.name}")


def catalogue() -> Catalogue:
    """The contract of every service, by name."""
    _load()
    return {name: contract for name, (contract, _) in _SERVICES.items()}


def invoke(name: str, context: Context, inputs: Mapping[str, Any]) -> ServiceAnswer | Working:
    """Invoke a service. The outcome is "unavailable" when the core does not answer.

    Raises PermissionError when a needed grant is missing, and `NotReadBack` when inputs differ from the confirmed ones.
    """
    _load()
    contract, body = _SERVICES[name]
    missing = contract.needs - context.grants - ({"identity"} if context.customer_id else set())
    if missing:
        raise PermissionError(f"{name} was invoked without {', '.join(sorted(missing))}")
    changed = [
        name for name in sorted(contract.bound_inputs) if context.read_back.get(name, _NOTHING) != inputs.get(name)
    ]
    if changed:
        raise NotReadBack(f"{name} was invoked with another {', '.join(changed)} than was read back")
    try:
        answer = body(context, **inputs)
    except CoreUnavailable:
        if "unavailable" not in contract.outcomes:
            raise  # the turn fails: the caller hears an apology and is sent to an agent
        answer = ServiceAnswer("unavailable")
    if isinstance(answer, ServiceAnswer):
        _hold(contract, answer)
    return answer


def _hold(contract: ServiceContract, answer: ServiceAnswer) -> None:
    """Raises LookupError for an answer that breaks the contract, here rather than while a prompt is rendered."""
    if answer.outcome not in contract.outcomes:
        raise LookupError(f"{contract.name} answered '{answer.outcome}', which its contract does not know")
    missing = set(contract.outcomes[answer.outcome]) - answer.facts.keys()
    for fact, parts in contract.parts.items():
        found = answer.facts.get(fact) or []
        items = found if isinstance(found, list) else [found]
        missing.update(f"{fact}.{part}" for item in items for part in parts.keys() - item.keys())
    if missing:
        raise LookupError(f"{contract.name} answered '{answer.outcome}' without {', '.join(sorted(missing))}")
