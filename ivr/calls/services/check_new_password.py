"""check_new_password: whether a new password satisfies the rules; nothing is changed."""

from typing import cast

from ivr.bank.core import PasswordKind
from ivr.bank.customers import codes, directory, verification
from ivr.bank.customers.weakness import weakness
from ivr.calls.services.claims import attempt
from ivr.calls.services.context import Context
from ivr.calls.services.one_time import demand_old, password_binding
from ivr.calls.services.registry import ServiceAnswer, service
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
def check_new_password(context: Context, kind: str, new: Secret) -> ServiceAnswer:
    """Refused when it is weak, contained in known personal data, recently used, or equal to the other password.

    Each answer reveals something about the customer's secrets, so a code allows only a few checks, and a guess that
    equals the other password counts as a failed try of it.
    """
    demand_old(context, kind)
    most = context.settings.verification.passwords.judged_a_code
    if not codes.judge(context.db, call=context.call, bound=password_binding(context, kind), most=most):
        return ServiceAnswer("too_many")
    if is_weak(context, new.reveal()):
        return ServiceAnswer("weak")
    work = context.bank.password_reuse(context.known, cast("PasswordKind", kind), new.reveal())
    standing = context.external_result((context.key, "standing", new.reveal()), work)
    if standing == "same_as_other":
        _count_guess(context, "transaction" if kind == "query" else "query")
    return ServiceAnswer("fine" if standing == "fresh" else standing)


def _count_guess(context: Context, other: PasswordKind) -> None:
    tried = attempt(context, context.known, other)
    verification.record(context.db, context.settings.verification, tried, right=False, zone=context.zone)


def is_weak(context: Context, password: str) -> bool:
    """Whether a password is weak by `customers.weakness`, given the customer's personal data."""
    person = directory.person(context.db, context.keyring, context.known)
    cards = [account.card for account in context.bank.accounts(context.known)]
    return weakness(password, [*cards, *([person.identity, person.mobile] if person else [])]) is not None
