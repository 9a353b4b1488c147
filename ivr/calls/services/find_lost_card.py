"""find_lost_card: find a card by number to stop it; without a password, at any hour, despite locks and blocks."""

from ivr.calls.services.claims import name_loser
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
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
def find_lost_card(context: Context, card: str) -> ServiceAnswer:
    """Offers only the keyed card and reveals nothing about the holder's other cards."""
    holder = context.bank.holder_of_card(card)
    refused = name_loser(context, holder, card)
    if holder is None or refused is not None:
        return refused or ServiceAnswer("not_found")
    account = next(a for a in context.bank.accounts(holder) if a.card == card)
    return ServiceAnswer("found", {"lost_card": {"id": account.id, "last4": account.last4}}, customer=holder)
