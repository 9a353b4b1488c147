"""find_lost_card: a card by its number, to be stopped; no password, at any hour, whatever is locked or blocked."""

from ivr.calls.services.claims import name_loser
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "find_lost_card",
        inputs={"card": "digits"},
        outcomes={"found": ("lost_card",), "not_found": (), "blocked": (), "unavailable": ()},
        outputs={"lost_card": "choice"},
        parts={"lost_card": {"last4": "digits"}},
        grants={"found": frozenset({"identity"})},
        refuses=frozenset({"not_found"}),
    )
)
def find_lost_card(context: Context, card: str) -> Answer:
    """Only the card that was keyed is offered: its number says nothing of the holder's other cards."""
    holder = context.bank.holder_of_card(card)
    refused = name_loser(context, holder, card)
    if holder is None or refused is not None:
        return refused or Answer("not_found")
    account = next(a for a in context.bank.accounts(holder) if a.card == card)
    return Answer("found", {"lost_card": {"id": account.id, "last4": account.last4}}, customer_id=holder)
