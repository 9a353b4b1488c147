"""lost_cards: the cards of a customer who proved themselves, to choose the one that is to be stopped."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
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
def lost_cards(context: Context) -> Answer:
    """Each card as {"id", "last4"}; unproven, and nothing is told, for who only keyed the number of one card."""
    if "query" not in context.grants:
        return Answer("unproven")
    cards = [{"id": a.id, "last4": a.last4} for a in context.bank.accounts(context.known)]
    return Answer("found", {"lost_cards": cards}) if cards else Answer("none")
