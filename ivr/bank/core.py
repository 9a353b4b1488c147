"""The port `CoreBank`: everything the hotline asks of a core bank, and in what shapes it answers.

Amounts are integer fen, times are aware UTC. Customers, accounts, cards, bills and payees are opaque ids of the
core's own. Whatever moves money or changes security takes an idempotency key: the same key with the same request
gives the first answer again, with another request it raises `IdempotencyConflict`. A core that does not answer
raises `CoreUnavailable`; once an instruction may have reached it, its outcome is "pending", never "refused".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

PasswordKind = Literal["query", "transaction"]
PasswordStanding = Literal["fresh", "recent", "same_as_other"]
CardState = Literal["active", "frozen", "lost"]
PostingState = Literal["done", "pending", "working", "refused"]
Refusal = Literal[
    "", "no_funds", "frozen", "lost", "over_each", "over_day", "held", "not_payee", "already_paid", "bill_changed",
    "same_account",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One account with the card it is reached by. `available_fen` leaves out what is held."""

    id: str
    card: str
    state: CardState
    balance_fen: int
    available_fen: int

    @property
    def last4(self) -> str:
        """What a caller hears of the card."""
        return self.card[-4:]


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting as its account sees it: negative where money left. `what` is opening, transfer, bill or salary."""

    at: datetime
    amount_fen: int
    what: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What is owed to a biller by one of its customer numbers."""

    id: str
    biller: str
    customer_number: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Payee:
    """Where a transfer may go: a registered payee, or another account of the caller's own."""

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
    """What became of an instruction.

    done: it stands. refused: nothing happened, `refusal` says why. pending: it may have happened, the amount is
    held and the core is asked again. working: it is on its way, ask again with the same key in a moment.
    `room_fen` is what may still be sent today where the refusal is over_day; `until` when a hold ends.
    """

    state: PostingState
    reference: str
    refusal: Refusal = ""
    room_fen: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LossReport:
    """An oral report of loss: new, or the one that stands already; it lasts until `until`."""

    card: str
    until: datetime
    is_new: bool
    reference: str


class CoreBank(Protocol):
    """A core bank inside one open transaction (the embedded one) or at the end of a line (a remote one).

    Methods that return a callable split off slow, repeatable work (hashing, a question over a network): it is
    called without any lock, may be called twice, and changes nothing.
    """

    def holder_of_card(self, card: str) -> str | None:
        """The customer whose card this is, in any state; None where there is no such card."""

    def accounts(self, customer_id: str) -> tuple[Account, ...]:
        """The customer's accounts in a stable order; none for someone the bank does not know."""

    def movements(self, customer_id: str, account: str, limit: int) -> tuple[Movement, ...]:
        """The newest movements first; LookupError where the account is not the customer's."""

    def password_check(self, customer_id: str, kind: PasswordKind, given: str) -> Callable[[], bool]:
        """Whether the password is right; takes the same time for a customer that does not exist."""

    def password_standing(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], PasswordStanding]:
        """Whether a new password was among the recent ones of its kind, or is the present one of the other kind."""

    def password_prepare(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], str]:
        """The form of a new password that `set_password` takes."""

    def set_password(self, key: str, customer_id: str, kind: PasswordKind, prepared: str) -> None:
        """Replace a password; the old one joins the recent ones."""

    def hold_transfers(self, customer_id: str, until: datetime) -> None:
        """Refuse transfers ("held") until then; a later end stays."""

    def find_bill(self, biller: str, customer_number: str) -> Bill | None:
        """The open bill, or None where nothing is due; LookupError where the biller does not know the number."""

    def pay_bill(self, key: str, customer_id: str, account: str, bill: Bill) -> Posting:
        """Pay a bill once, for exactly the amount read back."""

    def payees(self, customer_id: str) -> tuple[Payee, ...]:
        """Own accounts first, then registered payees, in a stable order."""

    def check_transfer(self, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """What `transfer` would say now, without doing it: "done" where nothing is in the way."""

    def recent_transfer(self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str) -> bool:
        """Whether the same amount went to the same payee since then, in another call (keys are "<call>:<visit>")."""

    def transfer(self, key: str, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """Move money to a payee of the customer's, within the limits of each transfer and of the bank's day."""

    def report_loss(self, key: str, customer_id: str, card: str, until: datetime) -> LossReport:
        """Stop a card at once; a card that is stopped already keeps its report. LookupError where it is not theirs."""

    def outcome(self, key: str) -> Posting | None:
        """What became of an instruction; None where the core has never seen its key."""
