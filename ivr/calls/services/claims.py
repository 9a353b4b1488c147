"""What the services that identify and verify share: the caller's index, the limits, the words of an outcome.

Not a service of its own.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ivr.bank.customers import directory, verification
from ivr.bank.customers.verification import Kind, Result, Try
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer
from ivr.engine.events import Grant

PROOF_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "verified": (),
    "wrong": ("tries_left",),
    "locked": ("locked_until",),
    "branch": (),
    "call_limit": (),
    "blocked": (),
}
"""What a password that is tried comes to, with the facts of each."""
PROOF_OUTPUTS: Mapping[str, str] = {"tries_left": "number", "locked_until": "date"}


def caller_index(context: Context) -> bytes:
    """The blind index of whoever calls, by number or by address; withheld numbers share one, so that withholding
    hides from no limit."""
    return context.keyring.blind_index("mobile", context.caller or context.address or "withheld")


def is_withheld(context: Context) -> bool:
    """True where nothing tells this caller from others; the limits of all such callers together hold."""
    return not (context.caller or context.address)


def attempt(context: Context, subject: str, kind: Kind) -> Try:
    """A try of this call."""
    return Try(context.call, caller_index(context), subject, kind, context.now)


def blocked(context: Context, subject: str) -> bool:
    """True where the calling number is sent to agents."""
    rules = context.settings.verification
    own = rules.withheld if is_withheld(context) else rules.caller_number
    return verification.caller_blocked(context.db, own, attempt(context, subject, "query"))


def claim(context: Context, subject: str, card: str = "") -> Answer:
    """Take somebody's word for who they are, and count the call and the number that calls.

    `card` is the number, or its end, that they named; its account is the one they are asked about no more.
    """
    if blocked(context, subject) or named_too_many(context, subject):
        return Answer("blocked")
    verification.note(context.db, attempt(context, subject, "query"), "identify", right=True)
    return Answer("identified", customer_id=subject, identified_by=card[-4:])


def named_too_many(context: Context, subject: str) -> bool:
    """True where this call named enough customers, or enough numbers that are nobody's."""
    rules = context.settings.verification.each_call
    return verification.call_blocked(context.db, rules, attempt(context, subject, "query"))


def name_loser(context: Context, holder: str | None, keyed: str, *, tells: bool = False) -> Answer | None:
    """Count a card or identity card that was keyed to report a loss; the answer where that goes no further.

    Where nothing is told but the card that was keyed, no block of the calling number stands in the way: who knows
    the number of a customer must not be able to keep them from stopping their card. `tells`: what is found would
    say something of the customer, and a calling number that is blocked gets an agent instead.
    """
    tried = attempt(context, holder or directory.nobody(context.keyring, keyed), "query")
    if tells and blocked(context, tried.subject):
        return Answer("blocked")
    if holder is not None and named_too_many(context, tried.subject):
        return Answer("blocked")
    verification.note(context.db, tried, "identify", right=holder is not None)
    if holder is not None:
        return None
    return Answer("blocked" if named_too_many(context, tried.subject) else "not_found")


def used_up(context: Context, kind: str, a_day: int, withheld_a_day: int) -> bool:
    """True where the calling number did this often enough within a day."""
    most = withheld_a_day if is_withheld(context) else a_day
    since = context.now - timedelta(days=1)
    return verification.by_caller(context.db, kind, caller_index(context), since) >= most


def password_is_right(context: Context, kind: Kind, given: str) -> bool:
    """The slow comparison, made outside the transaction; for a number of nobody's it takes as long and fails."""
    work = context.bank.password_check(context.known, kind, given)
    is_right = context.external_result((context.key, kind, given), work)
    return is_right and not context.known.startswith(directory.NOBODY)


def prove(context: Context, kind: Kind, given: str) -> Result | None:
    """Try a password: None where the calling number is blocked, else what became of it.

    A lock is looked at before the slow comparison, so that locked passwords cost nothing, and once more after it.
    """
    if blocked(context, context.known):
        return None
    standing, until = verification.locked(context.db, context.known, kind, context.now)
    if standing != "open":
        return Result("branch" if standing == "branch" else "locked", until=until)
    tried = attempt(context, context.known, kind)
    is_right = password_is_right(context, kind, given)
    return verification.record(context.db, context.settings.verification, tried, is_right, context.zone)


def answer(context: Context, result: Result | None, *grants: Grant) -> Answer:
    """The outcome as flows route it: verified, wrong, locked, branch, call_limit, blocked."""
    if result is None:
        return Answer("blocked")
    if result.outcome == "right":
        return Answer("verified", grants=grants, committed=False)
    facts: dict[str, Any] = {"tries_left": result.tries_left}
    if result.outcome == "locked" and result.until is not None:
        facts = {"locked_until": context.local(result.until)}
    return Answer(result.outcome, facts)
