"""change_password: replace a password, tell the customer by text, and hold transfers for a while."""

from datetime import datetime, timedelta
from typing import cast

from ivr.bank.core import PasswordKind
from ivr.bank.customers import codes
from ivr.calls.services.context import Context
from ivr.calls.services.one_time import demand_old, password_binding
from ivr.calls.services.postings import send
from ivr.calls.services.registry import ServiceAnswer, Working, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.values import Secret


@service(
    ServiceContract(
        "change_password",
        inputs={"kind": "text", "new": "digits"},
        secrets=frozenset({"new"}),
        outcomes={"changed": ("held_until",), "pending": ("held_until",), "code_mismatch": (), "unavailable": ()},
        outputs={"held_until": "date"},
        effects=frozenset({"changes_security"}),
        needs=frozenset({"identity", "old_password", "second_factor"}),
        refuses=frozenset({"code_mismatch"}),
    )
)
def change_password(context: Context, kind: str, new: Secret) -> ServiceAnswer | Working:
    """Done once, approved by its own code. While the core works, it is asked again; "changed" only once it is done."""
    demand_old(context, kind)
    if context.bank.outcome(context.key) is None and not _ordered(context, kind, new.reveal()):
        return ServiceAnswer("code_mismatch")
    posting = context.bank.outcome(context.key)
    if posting is None or posting.state == "refused":
        return ServiceAnswer("unavailable")
    if posting.state == "working":
        return Working()
    return _told(context, kind, is_done=posting.state == "done")


def _ordered(context: Context, kind: str, new: str) -> bool:
    """Compute the slow hash before spending the code, so that a retry of the turn finds the code unspent."""
    which = cast("PasswordKind", kind)
    prepared = context.external_result(
        (context.key, "hash", new), context.bank.password_prepare(context.known, which, new)
    )
    if not codes.use(context.db, call=context.call, bound=password_binding(context, kind)):
        return False
    context.bank.set_password(context.key, context.known, which, prepared)
    context.bank.hold_transfers(context.known, _held_until(context))
    return True


def _held_until(context: Context) -> datetime:
    return context.now + timedelta(hours=context.settings.transfer.held_hours_after_password_change)


def _told(context: Context, kind: str, *, is_done: bool) -> ServiceAnswer:
    """The answer for the caller; the hold is restarted now, so that its end is the one that is spoken."""
    until = _held_until(context)
    context.bank.hold_transfers(context.known, until)
    facts = {
        "held_until": context.local(until),
        "at": context.local(context.now),
        "password_name": context.render(f"names.{kind}_password", {}, context.language),
    }
    if not is_done:
        return ServiceAnswer("pending", facts, committed=True)
    send(context, context.known, "texts.password_changed", facts)
    return ServiceAnswer("changed", facts, committed=True)
