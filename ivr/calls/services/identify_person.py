"""identify_person: whose identity card this is; a number of nobody's is not told apart, only counted."""

from ivr.bank.customers import directory
from ivr.calls.services.claims import claim
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "identify_person",
        inputs={"identity": "digits"},
        outcomes={"identified": (), "blocked": ()},
        grants={"identified": frozenset({"identity"})},
    )
)
def identify_person(context: Context, identity: str) -> Answer:
    """The customer is now claimed, not proven."""
    found = directory.by_identity(context.db, context.keyring, identity)
    return claim(context, found or directory.nobody(context.keyring, identity))
