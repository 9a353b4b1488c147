"""Tables of the embedded bank: customers, bills, the ledger's books.

Amounts are fen. Personal data (card numbers, payees' names) is sealed and has a blind index. Billers' numbers are
stored in clear: only the demonstration fills them, and none of its numbers is a customer's mobile.
Postings and entries are append-only; triggers enforce it (ivr/db/migrations/ledger_triggers.py).
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ivr.bank.core import PostingState, Refusal
from ivr.db import Base, Instant

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in a column called INTEGER


class BankCustomer(Base):
    """A customer of the embedded bank; personal data is stored in `ivr.bank.customers` under the same id."""

    __tablename__ = "bank_customers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    transfers_held_until: Mapped[datetime | None] = mapped_column(Instant)


class BankAccount(Base):
    """A customer's account. `balance_fen` is the sum of its entries and never below zero."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("bank_customers.id"), index=True)
    balance_fen: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (CheckConstraint("balance_fen >= 0", name="balance"),)


class BankCard(Base):
    """The card of an account. `state` is set by the bank; a loss report is stored separately,

    so that the end of a report never reactivates a card that the bank has frozen.
    """

    __tablename__ = "cards"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    number: Mapped[bytes] = mapped_column(LargeBinary)  # sealed at "cards.number|<index>"
    state: Mapped[str] = mapped_column(String(8), default="active")
    lost_until: Mapped[datetime | None] = mapped_column(Instant)
    lost_reference: Mapped[str] = mapped_column(String(12), default="")

    __table_args__ = (
        CheckConstraint("state IN ('active', 'frozen')", name="state"),
        CheckConstraint("(lost_until IS NULL) = (lost_reference = '')", name="lost"),
    )


class BankPassword(Base):
    """A telephone password's hash: the current one of its kind, or one of the recent ones.

    `digest` covers the rest of the row (`passwords.row_digest`).
    """

    __tablename__ = "passwords"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("bank_customers.id"))
    kind: Mapped[str] = mapped_column(String(12))
    hash: Mapped[str] = mapped_column(String(200))
    current: Mapped[bool] = mapped_column(Boolean)
    set_at: Mapped[datetime] = mapped_column(Instant)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        CheckConstraint("kind IN ('query', 'transaction')", name="kind"),
        Index("ix_passwords_customer_kind", "customer_id", "kind"),
        Index(
            "uq_passwords_current", "customer_id", "kind",
            unique=True, sqlite_where=text("current"), postgresql_where=text("current"),
        ),
    )  # fmt: skip


class BillerNumber(Base):
    """A biller's customer number, of a household or a telephone."""

    __tablename__ = "biller_numbers"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    biller: Mapped[str] = mapped_column(String(32))
    number: Mapped[str] = mapped_column(String(32))

    __table_args__ = (Index("uq_biller_numbers_number", "biller", "number", unique=True),)


class IssuedBill(Base):
    """A bill: open until one posting pays it. A number has at most one open bill."""

    __tablename__ = "bills"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    number_id: Mapped[int] = mapped_column(ForeignKey("biller_numbers.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id"), unique=True)

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(
            "uq_bills_open", "number_id",
            unique=True, sqlite_where=text("posting_id IS NULL"), postgresql_where=text("posting_id IS NULL"),
        ),
    )  # fmt: skip


class RegisteredPayee(Base):
    """A payee that a customer may send money to, registered by an agent or a branch."""

    __tablename__ = "payees"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("bank_customers.id"))
    card_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    card: Mapped[bytes] = mapped_column(LargeBinary)  # sealed at "payees.card|<customer_id>.<index>"
    name: Mapped[bytes] = mapped_column(LargeBinary)  # sealed at "payees.name|<customer_id>.<index>"

    __table_args__ = (Index("uq_payees_card", "customer_id", "card_index", unique=True),)


class LedgerPosting(Base):
    """An instruction with its idempotency key and its outcome: done, or refused with a reason.

    `request` is a keyed digest of the request; `counterparty` the blind index of the target card; `earlier` the
    reference of the loss report that was valid already.
    """

    __tablename__ = "postings"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    request: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[PostingState] = mapped_column(String(8))
    customer_id: Mapped[str] = mapped_column(ForeignKey("bank_customers.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    refusal: Mapped[Refusal] = mapped_column(String(12), default="")
    room_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    until: Mapped[datetime | None] = mapped_column(Instant)
    counterparty: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    earlier: Mapped[str] = mapped_column(String(12), default="")

    __table_args__ = (
        CheckConstraint("kind IN ('opening', 'salary', 'transfer', 'bill', 'loss', 'password')", name="kind"),
        CheckConstraint("state IN ('done', 'refused')", name="state"),
        CheckConstraint("(state = 'refused') = (refusal <> '')", name="refusal"),
        CheckConstraint("(amount_fen > 0) = (kind NOT IN ('loss', 'password')) AND amount_fen >= 0", name="amount"),
        Index("ix_postings_customer_at", "customer_id", "at"),
    )


class LedgerEntry(Base):
    """One side of a posting: line 0 is the source, line 1 the target; the two amounts sum to zero.

    A side is an account, or one of the bank's own books by name: opening, salary, interbank, biller.<id>.
    """

    __tablename__ = "entries"

    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"), primary_key=True)
    line: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    book: Mapped[str] = mapped_column(String(48), default="")
    amount_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("(line = 0 AND amount_fen < 0) OR (line = 1 AND amount_fen > 0)", name="line"),
        CheckConstraint("(account_id IS NULL) = (book <> '')", name="side"),
        Index("ix_entries_account", "account_id", "posting_id"),
    )


class Reconciliation(Base):
    """The last reconciliation: its time and the number of faults; one row."""

    __tablename__ = "reconciliations"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    faults: Mapped[int] = mapped_column(Integer)
