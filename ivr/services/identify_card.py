"""identify_card: who holds this card; a number of nobody's is not told apart, only counted."""

from ivr.customers import directory
from ivr.engine.contracts import ServiceContract
from ivr.services.claims import claim
from ivr.services.context import Context
from ivr.services.registry import Answer, service


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
