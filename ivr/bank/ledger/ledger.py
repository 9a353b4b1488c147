"""The embedded bank: the port `CoreBank` on the ledger's own tables, inside the caller's transaction."""

from sqlalchemy import select

from ivr.bank.core import CoreBank, Posting
from ivr.bank.ledger.bills import Bills
from ivr.bank.ledger.books import answer
from ivr.bank.ledger.cards import Cards
from ivr.bank.ledger.passwords import Passwords
from ivr.bank.ledger.transfers import Transfers
from ivr.bank.models import LedgerPosting


class LedgerBank(Cards, Bills, Transfers, Passwords, CoreBank):
    """A core bank whose instructions stand, or are refused, with the transaction they came in.

    Nothing is ever pending here. What commits with the transaction, commits once: a second transaction with the same
    key waits for the first on the customer's row, and finds its posting; where it cannot wait (another customer
    under the same key) it meets an IntegrityError, and the turn is taken again.
    """

    def outcome(self, key: str) -> Posting | None:
        """What became of an instruction; None where its key was never seen."""
        row = self.rows.scalars(select(LedgerPosting).where(LedgerPosting.key == key)).one_or_none()
        return None if row is None else answer(row)
