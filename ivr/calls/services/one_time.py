"""Shared by the services that send and use one-time codes.

Not a service of its own.
"""

from collections.abc import Mapping
from typing import Any

from ivr.bank.customers import codes
from ivr.calls.services.context import Context
from ivr.calls.services.postings import send
from ivr.calls.services.registry import ServiceAnswer

SENT_OUTCOMES = {
    "sent": (),
    "too_soon": ("wait_seconds",),
    "wait": ("wait_seconds",),
    "too_many": (),
    "no_mobile": (),
}
SENT_OUTPUTS = {"wait_seconds": "number"}


def send_code(context: Context, bound: bytes, prompt: str, facts: Mapping[str, Any]) -> ServiceAnswer:
    """Issue a code and text it with a description of what it approves; an expired code is not sent."""
    rules = context.settings.verification.code
    issued = codes.issue(
        context.db, context.keyring, rules, call=context.call, customer_id=context.known, bound=bound, now=context.now
    )
    if issued.outcome != "sent":
        return ServiceAnswer(issued.outcome, {"wait_seconds": issued.wait_seconds})
    said = {**facts, "code": issued.code, "seconds": rules.valid_seconds}
    if not send(context, context.known, prompt, said, issued.expires_at):
        return ServiceAnswer("no_mobile")
    return ServiceAnswer("sent")


def old_password_grant(kind: str) -> str:
    """The grant, beside "old_password", for one kind of password: it permits no change of the other kind."""
    return f"old_{kind}_password"


def demand_old(context: Context, kind: str) -> None:
    """Raises PermissionError when the verified old password is of the other kind."""
    if old_password_grant(kind) not in context.grants:
        raise PermissionError(f"a {kind} password was to be changed without the old one of its kind")


def transfer_binding(context: Context, account: str, payee: str, amount: int) -> bytes:
    """The binding of a code to one transfer: account, payee and amount."""
    return codes.binding(context.keyring, context.call, "transfer", context.known, account, payee, amount)


def password_binding(context: Context, kind: str) -> bytes:
    """The binding of a code to a change of one password."""
    return codes.binding(context.keyring, context.call, "password", context.known, kind)
