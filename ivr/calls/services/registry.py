"""The services by name; each declares its contract, and this is where a refusal becomes an outcome."""

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
class Answer:
    """What a service found. `committed` says that an effect stands with this turn's transaction; `identified_by` are
    the last digits of the card that named the customer.
    """

    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    customer_id: str | None = None
    committed: bool = False
    identified_by: str = ""


class Working:
    """The service needs more than this turn; it will be asked again with the same key."""


Body = Callable[..., Answer | Working]


def service(contract: ServiceContract) -> Callable[[Body], Body]:
    """Register a function `(context, **inputs) -> Answer | Working` under its contract."""

    def keep(body: Body) -> Body:
        _SERVICES[contract.name] = (contract, body)
        return body

    return keep


@cache
def _load() -> None:
    for module in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__):
        importlib.import_module(f"{_PACKAGE}.{module.name}")


def catalogue() -> Catalogue:
    """Every service's contract by its name."""
    _load()
    return {name: contract for name, (contract, _) in _SERVICES.items()}


def invoke(name: str, context: Context, inputs: Mapping[str, Any]) -> Answer | Working:
    """Ask a service. A core that does not answer is "unavailable".

    Raises PermissionError without its proofs, and `NotReadBack` with other values than those that were read back.
    """
    _load()
    contract, body = _SERVICES[name]
    missing = contract.needs - context.grants - ({"identity"} if context.customer_id else set())
    if missing:
        raise PermissionError(f"{name} was asked without {', '.join(sorted(missing))}")
    changed = [
        name for name in sorted(contract.bound_inputs) if context.read_back.get(name, _NOTHING) != inputs.get(name)
    ]
    if changed:
        raise NotReadBack(f"{name} was asked for with another {', '.join(changed)} than was read back")
    try:
        answer = body(context, **inputs)
    except CoreUnavailable:
        if "unavailable" not in contract.outcomes:
            raise  # the turn fails: the caller hears an apology and reaches a person
        answer = Answer("unavailable")
    if isinstance(answer, Answer):
        _hold(contract, answer)
    return answer


def _hold(contract: ServiceContract, answer: Answer) -> None:
    """An answer that breaks the promise is a fault of ours, told here and not in the middle of a prompt."""
    if answer.outcome not in contract.outcomes:
        raise LookupError(f"{contract.name} answered '{answer.outcome}', which its contract does not know")
    missing = set(contract.outcomes[answer.outcome]) - answer.facts.keys()
    for fact, parts in contract.parts.items():
        found = answer.facts.get(fact) or []
        items = found if isinstance(found, list) else [found]
        missing.update(f"{fact}.{part}" for item in items for part in parts.keys() - item.keys())
    if missing:
        raise LookupError(f"{contract.name} answered '{answer.outcome}' without {', '.join(sorted(missing))}")
