"""identify_person: identify by identity card; an unknown number is counted but gets the same answer."""

from ivr.bank.customers import directory
from ivr.calls.services.claims import claim
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "identify_person",
        inputs={"identity": "digits"},
        outcomes={"identified": (), "blocked": ()},
        grants={"identified": frozenset({"identity"})},
    )
)
def identify_person(context: Context, identity: str) -> ServiceAnswer:
    """Identified but not verified."""
    found = directory.by_identity(context.db, context.keyring, identity)
    return claim(context, found or directory.nobody(context.keyring, identity))
