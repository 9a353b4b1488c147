"""Shared by the services about accounts and money: accounts and postings as facts, receipts, texts to customers.

Not a service of its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ivr.bank.core import Account, Posting
from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, Working
from ivr.platform.outbox import texts

ACCOUNT_PARTS: Mapping[str, str] = {
    "last4": "digits", "standing": "text", "balance": "money", "available": "money", "usable": "text",
}  # fmt: skip
"""The parts of an account that prompts may speak, with their formats."""


def account_facts(context: Context, account: Account) -> dict[str, Any]:
    """An account as a value in flows: {"id", "last4", "standing", "balance", "available", "usable"}; amounts in fen.

    `standing` is spoken after its name: empty, or that its card is frozen or lost; then nothing is available.
    `usable` is spoken after its balance: empty, or the available amount if it differs.
    """
    is_stopped = account.state != "active"
    languages = context.bundle.languages
    available = 0 if is_stopped else account.available_fen
    rest = {tag: context.render("names.usable", {"available": available}, tag) for tag in languages}
    return {
        "id": account.id,
        "last4": account.last4,
        "standing": {tag: context.render(f"names.{account.state}", {}, tag) for tag in languages} if is_stopped else "",
        "balance": account.balance_fen,
        "available": available,
        "usable": "" if available == account.balance_fen else rest,
    }


TRANSFER_REFUSALS: Mapping[str, tuple[str, ...]] = {
    "no_funds": (),
    "frozen": (),
    "lost": (),
    "over_each": (),
    "over_day": ("room",),
    "held": ("held_until",),
    "not_payee": (),
    "same_account": (),
}
"""The refusals of a transfer, by `check_transfer` and by `transfer_money`, with the facts of each."""

REFUSED_ANSWERS = frozenset({"no_funds", "over_each", "over_day", "same_account"})
"""The refusals that the caller can avoid with another amount or choice."""


def as_answer(context: Context, posting: Posting, receipt: str, facts: Mapping[str, Any]) -> ServiceAnswer | Working:
    """The posting as an answer; done and pending are committed effects; done sends a receipt by text."""
    said = {**facts, "reference": posting.reference}
    if posting.state == "working":
        return Working()
    if posting.state == "refused":
        return ServiceAnswer(posting.refusal, refusal_facts(context, posting))
    if posting.state == "done":
        send(context, context.known, receipt, said)
    return ServiceAnswer(posting.state, said, committed=True)


def refusal_facts(context: Context, posting: Posting) -> dict[str, Any]:
    """The facts of a refusal: the rest of today's limit, or the end of the hold."""
    facts: dict[str, Any] = {"room": posting.room_fen}
    if posting.until is not None:
        facts["held_until"] = context.local(posting.until)
    return facts


def is_repeat(context: Context, payee: str, amount: int) -> bool:
    """Whether another call sent the same amount to the same payee a few minutes ago."""
    since = context.now - timedelta(minutes=context.settings.transfer.repeat_minutes)
    return context.bank.recent_transfer(context.known, payee, amount, since, context.call)


def send(
    context: Context, customer_id: str, prompt: str, facts: Mapping[str, Any], expires_at: datetime | None = None
) -> bool:
    """Text a customer at the registered mobile, once per visit and prompt; False without a mobile.

    In the call's language if the caller is verified, else in the customer's: the caller may be somebody else.
    """
    person = directory.person(context.db, context.keyring, customer_id)
    if person is None:
        return False
    is_proven = bool(context.grants - {"confirmation"})
    body = context.render(prompt, facts, context.language if is_proven else person.language)
    key = f"{context.key}:{prompt}"
    texts.post(
        context.db,
        context.keyring,
        key=key,
        recipient=person.mobile,
        body=body,
        now=context.now,
        expires_at=expires_at,
    )
    return True
