"""The two telephone passwords: verify, replace, and keep the recent ones against reuse."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import delete, select

from ivr.bank.core import PasswordKind, PasswordReuse
from ivr.bank.instructions import Instruction
from ivr.bank.ledger.books import Books
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.bank.limits import Verdict
from ivr.bank.models import BankPassword
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring


@dataclass(frozen=True)
class Passwords:
    """The password operations of the port. They read hashes and return the slow comparison as a callable."""

    books: Books
    settings: Settings
    hasher: PasswordHasher

    def password_check(self, customer_id: str, kind: PasswordKind, given: str) -> Callable[[], bool]:
        """Whether the password is right; takes the same time for a customer without one."""
        current = next((p.hash for p in self._kept(customer_id, kind) if p.current), None)
        if current is None:
            return partial(self.hasher.dummy, owner(customer_id, kind), given)
        return partial(self.hasher.verify, current, owner(customer_id, kind), given)

    def password_reuse(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], PasswordReuse]:
        """Whether a new password repeats a recent one or the current one of the other kind."""
        other: PasswordKind = "transaction" if kind == "query" else "query"
        recent = [(p.hash, owner(customer_id, kind)) for p in self._kept(customer_id, kind)]
        present = [(p.hash, owner(customer_id, other)) for p in self._kept(customer_id, other) if p.current]
        return partial(_reuse, self.hasher, recent, present, new)

    def password_prepare(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], str]:
        """The hash that `set_password` stores."""
        return partial(self.hasher.hash, owner(customer_id, kind), new)

    def set_password(self, key: str, customer_id: str, kind: PasswordKind, prepared: str) -> None:
        """Replace a password once per key; config.yaml says how many are kept, this one included."""
        self.books.lock_customer(customer_id)
        asked = Instruction(key, "password", customer_id, 0, (kind, prepared))
        if self.books.seen(asked) is not None:
            return
        self.books.record(asked, Verdict())
        kept = self._kept(customer_id, kind)
        for password in (each for each in kept if each.current):
            password.current = False
            password.digest = row_digest(self.books.keyring, password)
        self.books.db.flush()
        self.books.db.add(new_password(self.books.keyring, customer_id, kind, prepared, self.books.now))
        forgotten = [password.id for password in kept[self.settings.verification.recent_passwords - 1 :]]
        self.books.db.execute(delete(BankPassword).where(BankPassword.id.in_(forgotten)))
        self.books.db.flush()

    def hold_transfers(self, customer_id: str, until: datetime) -> None:
        """Refuse transfers until this time; an existing later end is kept."""
        row = self.books.lock_customer(customer_id)
        if row.transfers_held_until is None or row.transfers_held_until < until:
            row.transfers_held_until = until
            self.books.db.flush()

    def _kept(self, customer_id: str, kind: PasswordKind) -> list[BankPassword]:
        """The current and recent passwords of a kind, the newest first."""
        kept = select(BankPassword).where(BankPassword.customer_id == customer_id, BankPassword.kind == kind)
        return list(self.books.db.scalars(kept.order_by(BankPassword.id.desc())))


def owner(customer_id: str, kind: PasswordKind) -> str:
    """The owner string that a hash is bound to: kind and customer."""
    return f"{kind}|{customer_id}"


def new_password(keyring: Keyring, customer_id: str, kind: PasswordKind, prepared: str, now: datetime) -> BankPassword:
    """The row of a new current password."""
    row = BankPassword(customer_id=customer_id, kind=kind, hash=prepared, current=True, set_at=now)
    row.digest = row_digest(keyring, row)
    return row


def row_digest(keyring: Keyring, row: BankPassword) -> bytes:
    """The keyed digest for `BankPassword.digest`; reconciliation uses it to find tampered rows."""
    at = row.set_at.astimezone(UTC).isoformat(timespec="microseconds")
    return keyring.blind_index("password", json.dumps([row.customer_id, row.kind, row.hash, row.current, at]))


def _reuse(
    hasher: PasswordHasher, recent: list[tuple[str, str]], present: list[tuple[str, str]], new: str
) -> PasswordReuse:
    """`recent` and `present` are hashes, each with the owner it is bound to."""
    if any(hasher.verify(hashed, whose, new) for hashed, whose in recent):
        return "recent"
    return "same_as_other" if any(hasher.verify(hashed, whose, new) for hashed, whose in present) else "fresh"
