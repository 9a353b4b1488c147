"""Shared by the services that identify and verify: the caller's index, the limits, the outcomes.

Not a service of its own.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ivr.bank.customers import directory, verification
from ivr.bank.customers.verification import Kind, VerificationAttempt, VerificationResult
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer
from ivr.engine.events import Grant

PROOF_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "verified": (),
    "wrong": ("tries_left",),
    "locked": ("locked_until",),
    "branch": (),
    "call_limit": (),
    "blocked": (),
}
"""The outcomes of a password try, with the facts of each."""
PROOF_OUTPUTS: Mapping[str, str] = {"tries_left": "number", "locked_until": "date"}


def caller_index(context: Context) -> bytes:
    """The blind index of the calling number or address; all withheld numbers share one, so that withholding a number
    evades no limit."""
    return context.keyring.blind_index("mobile", context.caller or context.address or "withheld")


def is_withheld(context: Context) -> bool:
    """True when the caller has neither number nor address; all such callers share one limit."""
    return not (context.caller or context.address)


def attempt(context: Context, subject: str, kind: Kind) -> VerificationAttempt:
    """A verification attempt of this call."""
    return VerificationAttempt(context.call, caller_index(context), subject, kind, context.now)


def blocked(context: Context, subject: str) -> bool:
    """True when the calling number is blocked and sent to agents."""
    rules = context.settings.verification
    own = rules.withheld if is_withheld(context) else rules.caller_number
    return verification.caller_blocked(context.db, own, attempt(context, subject, "query"))


def claim(context: Context, subject: str, card: str = "") -> ServiceAnswer:
    """Identify the caller by claim, without proof, and count it for the call and the calling number.

    `card` is the card number, or its last digits, that the caller gave; its account is then chosen without asking.
    """
    if blocked(context, subject) or named_too_many(context, subject):
        return ServiceAnswer("blocked")
    verification.note(context.db, attempt(context, subject, "query"), "identify", right=True)
    return ServiceAnswer("identified", customer_id=subject, identified_by=card[-4:])


def named_too_many(context: Context, subject: str) -> bool:
    """True when this call reached the limit of named customers or of unknown numbers."""
    rules = context.settings.verification.each_call
    return verification.call_blocked(context.db, rules, attempt(context, subject, "query"))


def name_loser(context: Context, holder: str | None, keyed: str, *, tells: bool = False) -> ServiceAnswer | None:
    """Count a card or identity card keyed to report a loss; returns an answer when a limit stops it, else None.

    A blocked calling number may still stop the card that it keyed: somebody who knows a customer's number must not
    be able to prevent that customer from stopping a card. `tells`: the answer would reveal something about the
    customer, so a blocked calling number is sent to an agent instead.
    """
    tried = attempt(context, holder or directory.nobody(context.keyring, keyed), "query")
    if tells and blocked(context, tried.subject):
        return ServiceAnswer("blocked")
    if holder is not None and named_too_many(context, tried.subject):
        return ServiceAnswer("blocked")
    verification.note(context.db, tried, "identify", right=holder is not None)
    if holder is not None:
        return None
    return ServiceAnswer("blocked" if named_too_many(context, tried.subject) else "not_found")


def used_up(context: Context, kind: str, a_day: int, withheld_a_day: int) -> bool:
    """True when the calling number reached the daily limit for this kind."""
    most = withheld_a_day if is_withheld(context) else a_day
    since = context.now - timedelta(days=1)
    return verification.by_caller(context.db, kind, caller_index(context), since) >= most


def password_is_right(context: Context, kind: Kind, given: str) -> bool:
    """The slow comparison, run outside the transaction; for an unknown customer it takes as long and fails."""
    work = context.bank.password_check(context.known, kind, given)
    is_right = context.external_result((context.key, kind, given), work)
    return is_right and not context.known.startswith(directory.NOBODY)


def prove(context: Context, kind: Kind, given: str) -> VerificationResult | None:
    """Try a password: None when the calling number is blocked, else the result.

    The lock is checked before the slow comparison, so that locked passwords cost no time, and again after it.
    """
    if blocked(context, context.known):
        return None
    standing, until = verification.locked(context.db, context.known, kind, context.now)
    if standing != "open":
        return VerificationResult("branch" if standing == "branch" else "locked", until=until)
    tried = attempt(context, context.known, kind)
    is_right = password_is_right(context, kind, given)
    return verification.record(context.db, context.settings.verification, tried, is_right, context.zone)


def answer(context: Context, result: VerificationResult | None, *grants: Grant) -> ServiceAnswer:
    """The outcome for the flow: verified, wrong, locked, branch, call_limit, blocked."""
    if result is None:
        return ServiceAnswer("blocked")
    if result.outcome == "right":
        return ServiceAnswer("verified", grants=grants, committed=False)
    facts: dict[str, Any] = {"tries_left": result.tries_left}
    if result.outcome == "locked" and result.until is not None:
        facts = {"locked_until": context.local(result.until)}
    return ServiceAnswer(result.outcome, facts)
