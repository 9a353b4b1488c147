"""check_new_password: whether a new password is good enough; nothing is changed."""

from typing import cast

from ivr.bank.core import PasswordKind
from ivr.bank.customers import codes, directory, verification
from ivr.bank.customers.weakness import weakness
from ivr.calls.services.claims import attempt
from ivr.calls.services.context import Context
from ivr.calls.services.one_time import demand_old, password_binding
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.values import Secret


@service(
    ServiceContract(
        "check_new_password",
        inputs={"kind": "text", "new": "digits"},
        secrets=frozenset({"new"}),
        keeps=frozenset({"new"}),
        outcomes={"fine": (), "weak": (), "recent": (), "same_as_other": (), "too_many": (), "unavailable": ()},
        needs=frozenset({"identity", "old_password", "second_factor"}),
        refuses=frozenset({"weak", "recent", "same_as_other"}),
    )
)
def check_new_password(context: Context, kind: str, new: Secret) -> Answer:
    """Weak by its form or because it is part of what others can know; or used of late; or the other password.

    Each answer says something of what the customer keeps secret, so a code is good for a few of them only, and a
    guess that meets the other password counts as one.
    """
    demand_old(context, kind)
    most = context.settings.verification.passwords.judged_a_code
    if not codes.judge(context.db, call=context.call, bound=password_binding(context, kind), most=most):
        return Answer("too_many")
    if is_weak(context, new.reveal()):
        return Answer("weak")
    work = context.bank.password_standing(context.known, cast("PasswordKind", kind), new.reveal())
    standing = context.external_result((context.key, "standing", new.reveal()), work)
    if standing == "same_as_other":
        _count_guess(context, "transaction" if kind == "query" else "query")
    return Answer("fine" if standing == "fresh" else standing)


def _count_guess(context: Context, other: PasswordKind) -> None:
    tried = attempt(context, context.known, other)
    verification.record(context.db, context.settings.verification, tried, right=False, zone=context.zone)


def is_weak(context: Context, password: str) -> bool:
    """By trust.md's list."""
    person = directory.person(context.db, context.keyring, context.known)
    cards = [account.card for account in context.bank.accounts(context.known)]
    return weakness(password, [*cards, *([person.identity, person.mobile] if person else [])]) is not None
