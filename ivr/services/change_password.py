"""change_password: replace a password; the customer is told, and transfers are held for a while."""

from datetime import timedelta
from typing import cast

from ivr.banking.core import PasswordKind
from ivr.customers import codes
from ivr.engine.contracts import ServiceContract
from ivr.engine.values import Secret
from ivr.services.context import Context
from ivr.services.one_time import password_binding
from ivr.services.postings import send
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "change_password",
        inputs={"kind": "text", "new": "digits"},
        secrets=frozenset({"new"}),
        outcomes={"changed": ("held_until",), "code_mismatch": (), "unavailable": ()},
        outputs={"held_until": "date"},
        effects=frozenset({"changes_security"}),
        needs=frozenset({"identity", "old_password", "second_factor"}),
    )
)
def change_password(context: Context, kind: str, new: Secret) -> Answer:
    """The slow hash is made before the code is spent, so that a repeat of the turn finds the code unspent."""
    which = cast("PasswordKind", kind)
    prepared = context.outside((context.key, "hash", new.reveal()), context.bank.password_prepare(new.reveal()))
    if not codes.use(context.rows, call=context.call, bound=password_binding(context, kind)):
        return Answer("code_mismatch")
    context.bank.set_password(context.key, context.known, which, prepared)
    until = context.now + timedelta(hours=context.settings.transfer.held_hours_after_password_change)
    context.bank.hold_transfers(context.known, until)
    facts = {
        "held_until": context.local(until),
        "at": context.local(context.now),
        "password_name": context.render(f"names.{kind}_password", {}, context.language),
    }
    send(context, context.known, "texts.password_changed", facts)
    return Answer("changed", facts, committed=True)
