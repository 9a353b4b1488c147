"""find_lost_person: find a customer's cards by identity card to stop one, despite locks."""

from ivr.bank.customers import directory
from ivr.calls.services.claims import name_loser
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "find_lost_person",
        inputs={"identity": "digits"},
        outcomes={"found": ("lost_cards",), "not_found": (), "blocked": (), "unavailable": ()},
        outputs={"lost_cards": "list"},
        parts={"lost_cards": {"last4": "digits"}},
        grants={"found": frozenset({"identity"})},
        refuses=frozenset({"not_found"}),
    )
)
def find_lost_person(context: Context, identity: str) -> ServiceAnswer:
    """Each card as {"id", "last4"}; a blocked calling number sees only the cards of its own registered customer."""
    person = directory.by_identity(context.db, context.keyring, identity)
    cards = [{"id": a.id, "last4": a.last4} for a in context.bank.accounts(person)] if person else []
    registered = directory.by_mobile(context.db, context.keyring, context.caller) if context.caller else None
    refused = name_loser(context, person if cards else None, identity, tells=person is None or person != registered)
    return refused or ServiceAnswer("found", {"lost_cards": cards}, customer=person)
