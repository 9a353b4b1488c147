"""identify_caller: the caller chose one of the cards offered to their registered mobile."""

from typing import Any

from ivr.bank.customers import directory
from ivr.calls.services.claims import claim
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "identify_caller",
        inputs={"card": "choice"},
        outcomes={"identified": (), "blocked": (), "unknown": ()},
        grants={"identified": frozenset({"identity"})},
    )
)
def identify_caller(context: Context, card: dict[str, Any]) -> ServiceAnswer:
    """Identified by the calling number alone; the password must still be verified."""
    found = directory.by_mobile(context.db, context.keyring, context.caller) if context.caller else None
    return claim(context, found, str(card["last4"])) if found else ServiceAnswer("unknown")
