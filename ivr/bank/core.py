"""The port `CoreBank`: every operation that the hotline needs from a core bank, with its result types.

Amounts are integer fen; times are aware UTC. Customers, accounts, cards, bills and payees are opaque ids of the
core. An instruction (it moves money or changes security) takes an idempotency key: the same key with the same
request returns the first answer; with a different request it raises `IdempotencyConflict`. A core that does not
answer raises `CoreUnavailable`. Once an instruction may have reached the core, its outcome is "pending", never
"refused".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

PasswordKind = Literal["query", "transaction"]
PasswordReuse = Literal["fresh", "recent", "same_as_other"]
CardState = Literal["active", "frozen", "lost"]
PostingState = Literal["done", "pending", "working", "refused"]
Refusal = Literal[
    "", "no_funds", "frozen", "lost", "over_each", "over_day", "held", "not_payee", "already_paid", "bill_changed",
    "same_account",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One account and its card. `available_fen` is the balance minus held amounts."""

    id: str
    card: str
    state: CardState
    balance_fen: int
    available_fen: int

    @property
    def last4(self) -> str:
        """The last four digits of the card: the part that is read to callers."""
        return self.card[-4:]


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting on an account; negative when money left. `what` is opening, transfer, bill or salary."""

    at: datetime
    amount_fen: int
    what: str


@dataclass(frozen=True, slots=True)
class Bill:
    """An open bill: the amount that a biller's customer number owes."""

    id: str
    biller: str
    customer_number: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Payee:
    """An allowed target of a transfer: a registered payee, or another account of the same customer."""

    id: str
    name: str
    card: str
    own: bool = False

    @property
    def last4(self) -> str:
        """The last four digits of the payee's card."""
        return self.card[-4:]


@dataclass(frozen=True, slots=True)
class Posting:
    """The outcome of an instruction.

    done: it was carried out. refused: nothing happened; `refusal` gives the reason. pending: it may have happened; the
    amount is held and the outcome is inquired. working: it is in progress; ask again soon with the same key.
    `room_fen` is the rest of today's limit when the refusal is over_day; `until` is the end of a hold.
    """

    state: PostingState
    reference: str
    refusal: Refusal = ""
    room_fen: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LossReport:
    """An oral loss report, valid until `until`. `is_new` is false when the card had a valid report already."""

    card: str
    until: datetime
    is_new: bool
    reference: str


class CoreBank(Protocol):
    """A core bank: the embedded one inside an open transaction, or a remote one over HTTP.

    Some methods return a callable for slow, repeatable work (a hash, a network query). It is called without any lock
    held, may be called twice, and changes nothing.
    """

    def holder_of_card(self, card: str) -> str | None:
        """The customer who holds this card, whatever its state; None when there is no such card."""

    def accounts(self, customer_id: str) -> tuple[Account, ...]:
        """The customer's accounts in a stable order; empty for an unknown customer."""

    def movements(self, customer_id: str, account: str, limit: int) -> tuple[Movement, ...]:
        """The newest movements first; LookupError when the account is not the customer's."""

    def password_check(self, customer_id: str, kind: PasswordKind, given: str) -> Callable[[], bool]:
        """Whether the password is right; takes the same time for a customer that does not exist."""

    def password_reuse(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], PasswordReuse]:
        """Whether a new password repeats a recent one of its kind or the current one of the other kind."""

    def password_prepare(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], str]:
        """The prepared (hashed) form of a new password, for `set_password`."""

    def set_password(self, key: str, customer_id: str, kind: PasswordKind, prepared: str) -> None:
        """Replace a password; the old one is kept among the recent ones."""

    def hold_transfers(self, customer_id: str, until: datetime) -> None:
        """Refuse transfers ("held") until this time; an existing later end is kept."""

    def find_bill(self, biller: str, customer_number: str) -> Bill | None:
        """The open bill, or None when nothing is due; LookupError when the biller does not know the number."""

    def pay_bill(self, key: str, customer_id: str, account: str, bill: Bill) -> Posting:
        """Pay a bill once, for exactly the amount read back."""

    def payees(self, customer_id: str) -> tuple[Payee, ...]:
        """Own accounts first, then registered payees, in a stable order."""

    def check_transfer(self, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """A dry run of `transfer`: "done" when it would be accepted now."""

    def recent_transfer(self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str) -> bool:
        """Whether another call sent the same amount to the same payee since then (keys are "<call>:<visit>")."""

    def transfer(self, key: str, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """Move money to one of the customer's payees, within the limits for one transfer and for one day."""

    def report_loss(self, key: str, customer_id: str, card: str, until: datetime) -> LossReport:
        """Stop a card at once; an existing report is kept. LookupError when the card is not the customer's."""

    def outcome(self, key: str) -> Posting | None:
        """The outcome of an instruction; None when the core has never seen its key."""
