"""check_new_password: whether a new password is good enough; nothing is changed."""

from typing import cast

from ivr.banking.core import PasswordKind
from ivr.customers import directory
from ivr.customers.weakness import weakness
from ivr.engine.contracts import ServiceContract
from ivr.engine.values import Secret
from ivr.services.context import Context
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "check_new_password",
        inputs={"kind": "text", "new": "digits"},
        secrets=frozenset({"new"}),
        outcomes={"fine": (), "weak": (), "recent": (), "same_as_other": (), "unavailable": ()},
        needs=frozenset({"identity", "old_password"}),
    )
)
def check_new_password(context: Context, kind: str, new: Secret) -> Answer:
    """Weak by its form or because it is part of what others can know; or used of late; or the other password."""
    if is_weak(context, new.reveal()):
        return Answer("weak")
    work = context.bank.password_standing(context.known, cast("PasswordKind", kind), new.reveal())
    standing = context.outside((context.key, "standing", new.reveal()), work)
    return Answer("fine" if standing == "fresh" else standing)


def is_weak(context: Context, password: str) -> bool:
    """By trust.md's list."""
    person = directory.person(context.rows, context.keyring, context.known)
    cards = [account.card for account in context.bank.accounts(context.known)]
    return weakness(password, [*cards, *([person.identity, person.mobile] if person else [])]) is not None
