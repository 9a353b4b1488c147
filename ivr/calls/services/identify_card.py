"""identify_card: who holds this card; a number of nobody's is not told apart, only counted."""

from ivr.bank.customers import directory
from ivr.calls.services.claims import claim
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "identify_card",
        inputs={"card": "digits"},
        outcomes={"identified": (), "blocked": ()},
        grants={"identified": frozenset({"identity"})},
    )
)
def identify_card(context: Context, card: str) -> Answer:
    """The customer is now claimed, not proven: the same words follow whether the number is ours or not."""
    return claim(context, context.bank.holder_of_card(card) or directory.nobody(context.keyring, card), card)
