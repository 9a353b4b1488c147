"""find_lost_caller: identify the caller by the registered mobile to stop an offered card, despite any block."""

from ivr.bank.customers import directory, verification
from ivr.calls.services.claims import attempt
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "find_lost_caller",
        outcomes={"found": (), "unknown": ()},
        grants={"found": frozenset({"identity"})},
    )
)
def find_lost_caller(context: Context) -> ServiceAnswer:
    """The calling number alone suffices, since the cards were offered to it."""
    found = directory.by_mobile(context.db, context.keyring, context.caller) if context.caller else None
    if found is None:
        return ServiceAnswer("unknown")
    verification.note(context.db, attempt(context, found, "query"), "identify", right=True)
    return ServiceAnswer("found", customer=found)
