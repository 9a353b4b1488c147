"""Whether a transfer may go, and the first reason why not. Pure: the facts come in, the verdict goes out.

The limits of each transfer and of the bank's day hold for own accounts and registered payees alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from ivr.bank.core import CardState, Refusal
from ivr.foundation.config import Transfer


@dataclass(frozen=True, slots=True)
class Verdict:
    """An empty refusal lets the instruction through. `room_fen` and `until` are as in `Posting`."""

    refusal: Refusal = ""
    room_fen: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """What decides about one transfer. `sent_today_fen` is what left by transfer on this day of the bank."""

    amount_fen: int
    available_fen: int
    sent_today_fen: int
    card: CardState
    held_until: datetime | None
    is_payee: bool
    is_same_account: bool


def start_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """The last midnight of the bank, in UTC."""
    return datetime.combine(now.astimezone(zone).date(), time.min, zone).astimezone(UTC)


def card_verdict(card: CardState) -> Verdict:
    """No money leaves an account whose card is frozen or reported lost."""
    return Verdict() if card == "active" else Verdict(card)


def funds_verdict(available_fen: int, amount_fen: int) -> Verdict:
    """No account is overdrawn."""
    return Verdict("no_funds" if amount_fen > available_fen else "")


def transfer_verdict(facts: TransferFacts, rules: Transfer, now: datetime) -> Verdict:
    """The first reason against a transfer, or none; rules that no caller can mend by another amount come first."""
    if not facts.is_payee:
        return Verdict("not_payee")
    if facts.is_same_account:
        return Verdict("same_account")
    if facts.card != "active":
        return card_verdict(facts.card)
    if facts.held_until is not None and facts.held_until > now:
        return Verdict("held", until=facts.held_until)
    return _amount_verdict(facts, rules)


def _amount_verdict(facts: TransferFacts, rules: Transfer) -> Verdict:
    room = max(0, rules.a_day_fen - facts.sent_today_fen)
    if facts.amount_fen > rules.each_fen:
        return Verdict("over_each")
    if facts.amount_fen > room:
        return Verdict("over_day", room_fen=room)
    return funds_verdict(facts.available_fen, facts.amount_fen)


def first(verdicts: Sequence[Verdict]) -> Verdict:
    """The first verdict that refuses; an empty one where none does."""
    return next((verdict for verdict in verdicts if verdict.refusal), Verdict())
