"""caller_cards: the cards of whoever registered the calling mobile, by their last four digits; a hint, no proof."""

from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract

OFFERED = 7  # one key is left for "another number"


@service(
    ServiceContract(
        "caller_cards",
        outcomes={"offered": ("cards",), "none": ()},
        outputs={"cards": "list"},
        parts={"cards": {"last4": "digits"}},
    )
)
def caller_cards(context: Context) -> Answer:
    """Each card as {"id", "last4"}; none for a withheld or unknown number."""
    caller = context.caller
    customer_id = directory.by_mobile(context.db, context.keyring, caller) if caller else None
    accounts = context.bank.accounts(customer_id) if customer_id else ()
    if not accounts:
        return Answer("none")
    return Answer("offered", {"cards": [{"id": a.id, "last4": a.last4} for a in accounts[:OFFERED]]})
