"""identify_card: identify the card holder; an unknown number is counted but gets the same answer."""

from ivr.bank.customers import directory
from ivr.calls.services.claims import claim
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "identify_card",
        inputs={"card": "digits"},
        outcomes={"identified": (), "blocked": ()},
        grants={"identified": frozenset({"identity"})},
    )
)
def identify_card(context: Context, card: str) -> ServiceAnswer:
    """Identified but not verified; the caller hears the same prompts whether or not the number is known."""
    return claim(context, context.bank.holder_of_card(card) or directory.nobody(context.keyring, card), card)
