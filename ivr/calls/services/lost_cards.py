"""lost_cards: a verified customer's cards, to choose the one to stop."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "lost_cards",
        outcomes={"found": ("lost_cards",), "unproven": (), "none": (), "unavailable": ()},
        outputs={"lost_cards": "list"},
        parts={"lost_cards": {"last4": "digits"}},
        needs=frozenset({"identity"}),
    )
)
def lost_cards(context: Context) -> ServiceAnswer:
    """Each card as {"id", "last4"}; "unproven", without cards, for callers who only keyed one card number."""
    if "query" not in context.grants:
        return ServiceAnswer("unproven")
    cards = [{"id": a.id, "last4": a.last4} for a in context.bank.accounts(context.known)]
    return ServiceAnswer("found", {"lost_cards": cards}) if cards else ServiceAnswer("none")
