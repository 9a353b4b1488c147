"""What services about accounts and money share: an account and a posting as facts, receipts, and texts to customers.

Not a service of its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ivr.bank.core import Account, Posting
from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, Working
from ivr.platform.outbox import texts

ACCOUNT_PARTS: Mapping[str, str] = {
    "last4": "digits", "standing": "text", "balance": "money", "available": "money", "usable": "text",
}  # fmt: skip
"""What may be said of an account."""


def account_facts(context: Context, account: Account) -> dict[str, Any]:
    """An account as flows keep it: {"id", "last4", "standing", "balance", "available", "usable"}; amounts in fen.

    `standing` is said behind its name: nothing, or that its card is frozen or lost, and then nothing is available.
    `usable` is said behind its balance: nothing, or what is available where that is another amount.
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
"""Why a transfer is refused, before it is signed and when it is made, with the facts of each."""

REFUSED_ANSWERS = frozenset({"no_funds", "over_each", "over_day", "same_account"})
"""Those of them that turn down what the caller keyed or chose, and that another answer would mend."""


def as_answer(context: Context, posting: Posting, receipt: str, facts: Mapping[str, Any]) -> Answer | Working:
    """done and pending are effects that stand; a receipt leaves with what is done, in the call's language."""
    said = {**facts, "reference": posting.reference}
    if posting.state == "working":
        return Working()
    if posting.state == "refused":
        return Answer(posting.refusal, refusal_facts(context, posting))
    if posting.state == "done":
        send(context, context.known, receipt, said)
    return Answer(posting.state, said, committed=True)


def refusal_facts(context: Context, posting: Posting) -> dict[str, Any]:
    """What a refusal tells: how much is left today, or until when transfers are held."""
    facts: dict[str, Any] = {"room": posting.room_fen}
    if posting.until is not None:
        facts["held_until"] = context.local(posting.until)
    return facts


def is_repeat(context: Context, payee: str, amount: int) -> bool:
    """Whether the same went to the same payee some minutes ago, in another call."""
    since = context.now - timedelta(minutes=context.settings.transfer.repeat_minutes)
    return context.bank.recent_transfer(context.known, payee, amount, since, context.call)


def send(
    context: Context, customer_id: str, prompt: str, facts: Mapping[str, Any], expires_at: datetime | None = None
) -> bool:
    """Text a customer at the registered mobile, once for this visit and prompt; False where there is none.

    In the language of the call, but in the customer's own where nothing was proven: a stranger may be speaking.
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
