"""Transfers to own accounts and registered payees, within the limits for one transfer and for one day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ivr.bank.core import Payee, Posting
from ivr.bank.instructions import Instruction
from ivr.bank.ledger.books import Books, answer
from ivr.bank.limits import TransferFacts, Verdict, start_of_day, transfer_verdict
from ivr.bank.models import BankAccount, BankCard, BankCustomer, LedgerPosting, RegisteredPayee
from ivr.foundation.config import Settings

INTERBANK = "interbank"  # the book for money in transit to cards of other banks


@dataclass(frozen=True)
class Target:
    """The target of a transfer: the card's blind index, and its account when the card is ours."""

    card_index: bytes
    account_id: int | None


@dataclass(frozen=True)
class Transfers:
    """The transfer operations of the port."""

    books: Books
    settings: Settings

    def payees(self, customer_id: str) -> tuple[Payee, ...]:
        """Own accounts first, then registered payees. An own account has an empty name."""
        cards = self.books.db.scalars(
            select(BankCard).join(BankAccount).where(BankAccount.customer_id == customer_id).order_by(BankAccount.id)
        )
        own = [Payee(f"own.{card.account_id}", "", self.books.card_number(card), own=True) for card in cards]
        registered = self.books.db.scalars(
            select(RegisteredPayee).where(RegisteredPayee.customer_id == customer_id).order_by(RegisteredPayee.id)
        )
        return (*own, *map(self._payee, registered))

    def check_transfer(self, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """A dry run of `transfer`; nothing is locked or written."""
        holder = self.books.db.get(BankCustomer, customer_id)
        if holder is None:
            raise LookupError("no such customer")
        source, card = self.books.owned(customer_id, account)
        verdict = self._verdict(holder, source, card, self._target(customer_id, payee), amount_fen)
        return Posting("refused" if verdict.refusal else "done", "", verdict.refusal, verdict.room_fen, verdict.until)

    def recent_transfer(self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str) -> bool:
        """Whether another call sent this amount to this payee's card since then."""
        target = self._target(customer_id, payee)
        if target is None:
            return False
        found = select(LedgerPosting.id).where(
            LedgerPosting.customer_id == customer_id,
            LedgerPosting.kind == "transfer",
            LedgerPosting.state == "done",
            LedgerPosting.counterparty == target.card_index,
            LedgerPosting.amount_fen == amount_fen,
            LedgerPosting.at >= since,
            ~LedgerPosting.key.startswith(f"{not_call}:", autoescape=True),
        )
        return self.books.db.scalars(found).first() is not None

    def transfer(self, key: str, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """Move money once per key. LookupError when the account is not the customer's, ValueError without an amount."""
        asked = Instruction(key, "transfer", customer_id, amount_fen, (account, payee))
        holder = self.books.lock_customer(customer_id)
        known = self.books.seen(asked)
        if known is not None:
            return answer(known)
        source, card = self.books.owned(customer_id, account)
        target = self._target(customer_id, payee)
        locked = self.books.lock_accounts({source.id, target.account_id or source.id if target else source.id})
        self.books.db.refresh(card)
        verdict = self._verdict(holder, source, card, target, amount_fen)
        posting = self.books.record(asked, verdict, target.card_index if target else None)
        if target is not None and not verdict.refusal:
            self.books.move(posting, source, locked[target.account_id] if target.account_id else INTERBANK)
        return answer(posting)

    def _verdict(
        self, holder: BankCustomer, source: BankAccount, card: BankCard, target: Target | None, amount_fen: int
    ) -> Verdict:
        if amount_fen <= 0:
            raise ValueError("a transfer needs an amount")
        facts = TransferFacts(
            amount_fen=amount_fen,
            available_fen=source.balance_fen,
            sent_today_fen=self._sent_today(holder.id),
            card=self.books.card_state(card),
            held_until=holder.transfers_held_until,
            is_payee=target is not None,
            is_same_account=target is not None and target.account_id == source.id,
        )
        return transfer_verdict(facts, self.settings.transfer, self.books.now)

    def _sent_today(self, customer_id: str) -> int:
        """Today's transfers in fen. Postings with a future time are included, so a wrong clock bypasses no limit."""
        total = select(func.coalesce(func.sum(LedgerPosting.amount_fen), 0)).where(
            LedgerPosting.customer_id == customer_id,
            LedgerPosting.kind == "transfer",
            LedgerPosting.state == "done",
            LedgerPosting.at >= start_of_day(self.books.now, self.settings.bank.zone),
        )
        return int(self.books.db.scalars(total).one())

    def _target(self, customer_id: str, payee: str) -> Target | None:
        kind, _, number = payee.partition(".")
        if not (number.isascii() and number.isdigit()):
            return None
        if kind == "own":
            index = select(BankCard.number_index).join(BankAccount)
            index = index.where(BankAccount.customer_id == customer_id, BankAccount.id == int(number))
        else:
            index = select(RegisteredPayee.card_index)
            index = index.where(RegisteredPayee.customer_id == customer_id, RegisteredPayee.id == int(number))
        card_index = self.books.db.scalars(index).one_or_none() if kind in {"own", "payee"} else None
        if card_index is None:
            return None
        behind = self.books.db.scalars(select(BankCard.account_id).where(BankCard.number_index == card_index))
        return Target(card_index, behind.one_or_none())

    def _payee(self, row: RegisteredPayee) -> Payee:
        place = f"{row.customer_id}.{row.card_index.hex()}"
        name = self.books.keyring.open_text(f"payees.name|{place}", row.name)
        return Payee(f"payee.{row.id}", name, self.books.keyring.open_text(f"payees.card|{place}", row.card))
