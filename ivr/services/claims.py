"""What the services that identify and verify share: the caller's index, the blocks, the words of an outcome.

Not a service of its own.
"""

from typing import Any

from ivr.customers import directory, verification
from ivr.customers.verification import Kind, Result, Try
from ivr.engine.events import Grant
from ivr.services.context import Context
from ivr.services.registry import Answer


def caller_index(context: Context) -> bytes | None:
    """The blind index of the calling number; None when it is withheld."""
    return context.keyring.blind_index("mobile", context.caller) if context.caller else None


def attempt(context: Context, subject: str, kind: Kind) -> Try:
    """A try of this call."""
    return Try(context.call, caller_index(context), subject, kind, context.now)


def blocked(context: Context, subject: str) -> bool:
    """True where the calling number is sent to agents."""
    rules = context.settings.verification.caller_number
    return verification.caller_blocked(context.rows, rules, caller_index(context), subject, context.now)


def claim(context: Context, subject: str) -> Answer:
    """Take somebody's word for who they are, and count the number that calls."""
    if blocked(context, subject):
        return Answer("blocked")
    verification.note(context.rows, attempt(context, subject, "query"), "identify", right=True)
    return Answer("identified", customer=subject)


def password_is_right(context: Context, kind: Kind, given: str) -> bool:
    """The slow comparison, made outside the transaction; for a number of nobody's it takes as long and fails."""
    work = context.bank.password_check(context.known, kind, given)
    is_right = context.outside((context.key, kind, given), work)
    return is_right and not context.known.startswith(directory.NOBODY)


def prove(context: Context, kind: Kind, given: str) -> Result | None:
    """Try a password: None where the calling number is blocked, else what became of it.

    A lock is looked at before the slow comparison, so that locked passwords cost nothing, and once more after it.
    """
    if blocked(context, context.known):
        return None
    standing, until = verification.locked(context.rows, context.known, kind, context.now)
    if standing != "open":
        return Result("branch" if standing == "branch" else "locked", until=until)
    tried = attempt(context, context.known, kind)
    is_right = password_is_right(context, kind, given)
    return verification.record(context.rows, context.settings.verification, tried, is_right, context.zone)


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
