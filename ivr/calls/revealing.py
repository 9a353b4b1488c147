"""Masked values of a customer, and one of them shown: in one's own live call, proven, for a reason, audited (A5, M9).

Who may not is told that there is nothing: `LookupError`, which pages answer as 404.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.bank.core import Account
from ivr.bank.customers import directory
from ivr.bank.customers.directory import Person
from ivr.calls.screen_pop import mask_identity, mask_number
from ivr.centre.desk import legs
from ivr.centre.desk.models import Interaction
from ivr.foundation.money import Money
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record
from ivr.platform.keyring import keyring_of

REASONS = ("check", "business", "callback")
LIVE = frozenset({"talking", "on_hold"})
PROVEN = frozenset({"query", "transaction"})
DOTS = "••••"


@dataclass(frozen=True, slots=True)
class MaskedFact:
    """One value as an agent sees it. `kind` is mobile, identity, card or balance; `last4` tells cards apart."""

    field: str
    kind: str
    masked: str
    last4: str = ""


def masked(person: Person | None, accounts: Sequence[Account]) -> list[MaskedFact]:
    """All that is known of a customer, masked."""
    facts = []
    if person is not None:
        facts.append(MaskedFact("mobile", "mobile", mask_number(person.mobile)))
        facts.append(MaskedFact("identity", "identity", mask_identity(person.identity)))
    for place, account in enumerate(accounts, 1):
        facts.append(MaskedFact(f"card-{place}", "card", mask_card(account.card), account.last4))
        facts.append(MaskedFact(f"balance-{place}", "balance", DOTS, account.last4))
    return facts


def mask_card(card: str) -> str:
    """6222021001122334458 -> 6222 •••• •••• 4458."""
    return f"{card[:4]} {DOTS} {DOTS} {card[-4:]}"


def may_reveal(interaction: Interaction, agent_id: str, now: datetime) -> bool:
    """In the agent's own talk, while it goes on, once the customer has keyed a password that still counts."""
    is_live = interaction.agent_id == agent_id and interaction.state in LIVE
    counts = interaction.proven_until is None or interaction.proven_until > now
    return is_live and interaction.customer_id is not None and interaction.level in PROVEN and counts


def customer_of(db: Session, actor: Actor, interaction_id: int, now: datetime) -> str:
    """The customer of whom the actor may be shown values now. Raises `LookupError`."""
    interaction = db.get(Interaction, interaction_id)
    if interaction is None or not may_reveal(interaction, actor.id, now) or interaction.customer_id is None:
        raise LookupError("nothing to be shown")
    return interaction.customer_id


def value_of(field: str, person: Person | None, accounts: Sequence[Account]) -> str:
    """The value of a field in the clear. Raises `LookupError` for one that is not there."""
    known = dict(_values(person, accounts))
    return known[field]


def needs_core(field: str) -> bool:
    """Whether the core bank knows this field, and not the customer's file."""
    return field.startswith(("card-", "balance-"))


def note(db: Session, actor: Actor, interaction_id: int, field: str, reason: str, now: datetime) -> None:
    """Write down who was shown what and why, while the talk is sure to go on. Raises `LookupError`."""
    interaction = legs.locked(db, interaction_id)
    if interaction is None or not may_reveal(interaction, actor.id, now):
        raise LookupError("nothing to be shown")
    record(
        db, actor, "value_revealed", interaction.customer_id or "", now, interaction=interaction_id,
        call=interaction.call_id, field=field, reason=reason,
    )  # fmt: skip


def person_of(db: Session, customer: str) -> Person | None:
    """The customer in the clear."""
    return directory.person(db, keyring_of(db), customer)


def _values(person: Person | None, accounts: Sequence[Account]) -> Iterator[tuple[str, str]]:
    if person is not None:
        yield "mobile", person.mobile
        yield "identity", person.identity
    for place, account in enumerate(accounts, 1):
        yield f"card-{place}", account.card
        yield f"balance-{place}", str(Money(account.balance_fen))
