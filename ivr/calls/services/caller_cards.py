"""caller_cards: the cards of the customer with the calling mobile, by last four digits; a hint, not a proof."""

from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract

OFFERED = 7  # keys 1 to 7; the next one is "another number"


@service(
    ServiceContract(
        "caller_cards",
        outcomes={"offered": ("cards",), "none": ()},
        outputs={"cards": "list"},
        parts={"cards": {"last4": "digits"}},
    )
)
def caller_cards(context: Context) -> ServiceAnswer:
    """Each card as {"id", "last4"}; none for a withheld or unknown number."""
    caller = context.caller
    customer_id = directory.by_mobile(context.db, context.keyring, caller) if caller else None
    accounts = context.bank.accounts(customer_id) if customer_id else ()
    if not accounts:
        return ServiceAnswer("none")
    return ServiceAnswer("offered", {"cards": [{"id": a.id, "last4": a.last4} for a in accounts[:OFFERED]]})
