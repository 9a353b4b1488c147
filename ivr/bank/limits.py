"""The rules for a transfer: allowed, or the first reason for refusing it. Pure: facts in, verdict out.

The limits for one transfer and for one day apply to own accounts and registered payees alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from ivr.bank.core import CardState, Refusal
from ivr.foundation.config import Transfer


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on an instruction; an empty refusal allows it. `room_fen` and `until` are as in `Posting`."""

    refusal: Refusal = ""
    room_fen: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """The facts that decide on one transfer. `sent_today_fen` is the sum of today's transfers."""

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
    """Refuses when the card is frozen or reported lost."""
    return Verdict() if card == "active" else Verdict(card)


def funds_verdict(available_fen: int, amount_fen: int) -> Verdict:
    """Refuses when the amount exceeds the available balance."""
    return Verdict("no_funds" if amount_fen > available_fen else "")


def transfer_verdict(facts: TransferFacts, rules: Transfer, now: datetime) -> Verdict:
    """The first reason against a transfer; rules that another amount cannot satisfy are checked first."""
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
    """The first refusing verdict; an empty one when none refuses."""
    return next((verdict for verdict in verdicts if verdict.refusal), Verdict())
