"""The ledger's books: locks in a fixed order, one posting per idempotency key, entries that sum to zero.

All methods run inside the caller's transaction. Lock order: customer, accounts by id, bill.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.core import CardState, Posting
from ivr.bank.instructions import Instruction, reference_for
from ivr.bank.limits import Verdict
from ivr.bank.models import BankAccount, BankCard, BankCustomer, LedgerEntry, LedgerPosting
from ivr.db.locks import Lock, note_lock
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import IdempotencyConflict


@dataclass(frozen=True)
class Books:
    """Reads and writes the books in an open transaction. `now` is aware UTC."""

    db: Session
    keyring: Keyring
    now: datetime

    def lock_customer(self, customer_id: str) -> BankCustomer:
        """The customer's row, locked and re-read; LookupError for an unknown customer."""
        note_lock(self.db, Lock.BANK_CUSTOMER, customer_id.encode())
        found = select(BankCustomer).where(BankCustomer.id == customer_id).with_for_update(key_share=True)
        row = self.db.scalars(found, execution_options={"populate_existing": True}).one_or_none()
        if row is None:
            raise LookupError("no such customer")
        return row

    def lock_accounts(self, ids: Iterable[int]) -> dict[int, BankAccount]:
        """Accounts by id, locked in that order and re-read."""
        note_lock(self.db, Lock.BANK_ACCOUNTS, repr(sorted(set(ids))).encode())
        wanted = select(BankAccount).where(BankAccount.id.in_(set(ids))).order_by(BankAccount.id)
        locked = self.db.scalars(wanted.with_for_update(key_share=True), execution_options={"populate_existing": True})
        return {account.id: account for account in locked}

    def owned(self, customer_id: str, account: str) -> tuple[BankAccount, BankCard]:
        """A customer's account and its card, without a lock; LookupError when the account is not the customer's."""
        number = int(account) if account.isascii() and account.isdigit() else 0
        found = self.db.execute(
            select(BankAccount, BankCard)
            .join(BankCard)
            .where(BankAccount.id == number, BankAccount.customer_id == customer_id)
        ).one_or_none()
        if found is None:
            raise LookupError("not an account of this customer")
        account_row, card = found
        return account_row, card

    def card_index(self, card: str) -> bytes:
        """The blind index of a card number."""
        return self.keyring.blind_index("card", card)

    def card_number(self, card: BankCard) -> str:
        """The decrypted card number."""
        return self.keyring.open_text(f"cards.number|{card.number_index.hex()}", card.number)

    def card_state(self, card: BankCard) -> CardState:
        """ "lost" while a loss report is valid, else the state that the bank gave the card."""
        if card.lost_until is not None and card.lost_until > self.now:
            return "lost"
        return "frozen" if card.state == "frozen" else "active"

    def seen(self, asked: Instruction) -> LedgerPosting | None:
        """The posting of this key, None for a new key; `IdempotencyConflict` when the request differs."""
        row = self.db.scalars(select(LedgerPosting).where(LedgerPosting.key == asked.key)).one_or_none()
        if row is not None and row.request != asked.digest(self.keyring):
            raise IdempotencyConflict(f"the key {asked.key} came back with another request")
        return row

    def record(
        self, asked: Instruction, verdict: Verdict, counterparty: bytes | None = None, earlier: str = ""
    ) -> LedgerPosting:
        """Insert the posting of a new key; IntegrityError when another transaction inserted it first."""
        row = LedgerPosting(
            key=asked.key,
            request=asked.digest(self.keyring),
            kind=asked.kind,
            state="refused" if verdict.refusal else "done",
            customer_id=asked.customer_id,
            amount_fen=asked.amount_fen,
            reference=reference_for(self.keyring, asked.key, self._is_taken),
            at=self.now,
            refusal=verdict.refusal,
            room_fen=verdict.room_fen,
            until=verdict.until,
            counterparty=counterparty,
            earlier=earlier,
        )
        self.db.add(row)
        self.db.flush()
        return row

    def move(self, posting: LedgerPosting, source: BankAccount | str, target: BankAccount | str) -> None:
        """Insert a posting's two entries and update the balances; a side is a locked account or a book's name.

        The database raises IntegrityError when an account would go below zero.
        """
        for line, side, amount in ((0, source, -posting.amount_fen), (1, target, posting.amount_fen)):
            is_book = isinstance(side, str)
            account = None if isinstance(side, str) else side
            self.db.add(
                LedgerEntry(
                    posting_id=posting.id,
                    line=line,
                    account_id=account.id if account else None,
                    book=side if is_book else "",
                    amount_fen=amount,
                )
            )
            if account:
                account.balance_fen = BankAccount.balance_fen + amount
        self.db.flush()

    def _is_taken(self, reference: str) -> bool:
        return self.db.scalars(select(LedgerPosting.id).where(LedgerPosting.reference == reference)).first() is not None


def answer(row: LedgerPosting) -> Posting:
    """A posting as the port returns it."""
    return Posting(row.state, row.reference, row.refusal, row.room_fen, row.until)
