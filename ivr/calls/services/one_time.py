"""What the services that send and use one-time codes share.

Not a service of its own.
"""

from collections.abc import Mapping
from typing import Any

from ivr.bank.customers import codes
from ivr.calls.services.context import Context
from ivr.calls.services.postings import send
from ivr.calls.services.registry import Answer

SENT_OUTCOMES = {
    "sent": (),
    "too_soon": ("wait_seconds",),
    "wait": ("wait_seconds",),
    "too_many": (),
    "no_mobile": (),
}
SENT_OUTPUTS = {"wait_seconds": "number"}


def send_code(context: Context, bound: bytes, prompt: str, facts: Mapping[str, Any]) -> Answer:
    """Issue a code and text it with what it approves; a code that has run out is not sent any more."""
    rules = context.settings.verification.code
    issued = codes.issue(
        context.db, context.keyring, rules, call=context.call, customer_id=context.known, bound=bound, now=context.now
    )
    if issued.outcome != "sent":
        return Answer(issued.outcome, {"wait_seconds": issued.wait_seconds})
    said = {**facts, "code": issued.code, "seconds": rules.valid_seconds}
    if not send(context, context.known, prompt, said, issued.expires_at):
        return Answer("no_mobile")
    return Answer("sent")


def old_password_grant(kind: str) -> str:
    """What the old password of one kind proves beside "old_password": it changes no password of the other kind."""
    return f"old_{kind}_password"


def demand_old(context: Context, kind: str) -> None:
    """Raises PermissionError where the old password that was proven is not of this kind."""
    if old_password_grant(kind) not in context.grants:
        raise PermissionError(f"a {kind} password was to be changed without the old one of its kind")


def transfer_binding(context: Context, account: str, payee: str, amount: int) -> bytes:
    """A code for one transfer: payee and amount, and from where."""
    return codes.binding(context.keyring, context.call, "transfer", context.known, account, payee, amount)


def password_binding(context: Context, kind: str) -> bytes:
    """A code for changing one password."""
    return codes.binding(context.keyring, context.call, "password", context.known, kind)
