"""find_lost_card, find_lost_person, find_lost_caller, lost_cards: the card to stop.

No password is needed to stop one, at any hour, whatever is locked: it is found by its number, by whose identity card it
is, or by the registered mobile that calls; who proved themselves chooses among their cards.
"""

from ivr.bank.customers import directory, verification
from ivr.calls.services.claims import attempt, name_loser
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
    """Only the card that was keyed is offered: its number says nothing of the holder's other cards."""
    holder = context.bank.holder_of_card(card)
    refused = name_loser(context, holder, card)
    if holder is None or refused is not None:
        return refused or ServiceAnswer("not_found")
    account = next(a for a in context.bank.accounts(holder) if a.card == card)
    return ServiceAnswer("found", {"lost_card": {"id": account.id, "last4": account.last4}}, customer_id=holder)


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
    """Each card as {"id", "last4"}; a calling number that failed or asked too often learns of its holder's alone."""
    person = directory.by_identity(context.db, context.keyring, identity)
    cards = [{"id": a.id, "last4": a.last4} for a in context.bank.accounts(person)] if person else []
    registered = directory.by_mobile(context.db, context.keyring, context.caller) if context.caller else None
    refused = name_loser(context, person if cards else None, identity, tells=person is None or person != registered)
    return refused or ServiceAnswer("found", {"lost_cards": cards}, customer_id=person)


@service(
    ServiceContract(
        "find_lost_caller",
        outcomes={"found": (), "unknown": ()},
        grants={"found": frozenset({"identity"})},
    )
)
def find_lost_caller(context: Context) -> ServiceAnswer:
    """Claimed by the calling number alone, as the cards were offered to it."""
    found = directory.by_mobile(context.db, context.keyring, context.caller) if context.caller else None
    if found is None:
        return ServiceAnswer("unknown")
    verification.note(context.db, attempt(context, found, "query"), "identify", right=True)
    return ServiceAnswer("found", customer_id=found)


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
