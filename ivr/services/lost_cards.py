"""lost_cards: the cards of whoever was identified, to choose the one that is to be stopped."""

from ivr.engine.contracts import ServiceContract
from ivr.services.context import Context
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "lost_cards",
        outcomes={"found": ("lost_cards",), "none": (), "unavailable": ()},
        outputs={"lost_cards": "list"},
        needs=frozenset({"identity"}),
    )
)
def lost_cards(context: Context) -> Answer:
    """Each card as {"id", "last4"}; none for a number of nobody's."""
    cards = [{"id": a.id, "last4": a.last4} for a in context.bank.accounts(context.known)]
    return Answer("found", {"lost_cards": cards}) if cards else Answer("none")
