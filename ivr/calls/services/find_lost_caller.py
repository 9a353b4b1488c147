"""find_lost_caller: the caller stops a card that was offered to their registered mobile, whatever is blocked."""

from ivr.bank.customers import directory, verification
from ivr.calls.services.claims import attempt
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "find_lost_caller",
        outcomes={"found": (), "unknown": ()},
        grants={"found": frozenset({"identity"})},
    )
)
def find_lost_caller(context: Context) -> Answer:
    """Claimed by the calling number alone, as the cards were offered to it."""
    found = directory.by_mobile(context.db, context.keyring, context.caller) if context.caller else None
    if found is None:
        return Answer("unknown")
    verification.note(context.db, attempt(context, found, "query"), "identify", right=True)
    return Answer("found", customer_id=found)
