"""Reconciliation: balances, entries, bills, orders and passwords are checked for consistency.

The database refuses changes of entries and postings; a change that bypasses it, or that touches a balance, a bill, the
amount of an order or the row of a password, is found here. Each check is one statement and so a consistent read.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from ivr.bank.instructions import Instruction, is_reference_for
from ivr.bank.ledger.passwords import row_digest
from ivr.bank.models import (
    BankAccount,
    BankPassword,
    BillerNumber,
    IssuedBill,
    LedgerEntry,
    LedgerPosting,
    Reconciliation,
)
from ivr.bank.remote.models import CoreOrder
from ivr.bank.remote.orders import body_of
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError

AT_ONCE = 500  # rows fetched at a time


def faults(db: Session, keyring: Keyring) -> Iterator[str]:
    """Every fault in the books, one line each, without personal data; empty when the books are consistent."""
    yield from _balances(db)
    yield from _postings(db)
    yield from _references(db, keyring)
    yield from _bills(db)
    yield from _orders(db, keyring)
    yield from _passwords(db, keyring)


def note(db: Session, now: datetime, count: int) -> None:
    """Store the time of a reconciliation and the number of its faults."""
    db.merge(Reconciliation(id=1, at=now, faults=count))
    db.flush()


def last(db: Session) -> Reconciliation | None:
    """The newest reconciliation."""
    return db.get(Reconciliation, 1)


def _balances(db: Session) -> Iterator[str]:
    """Each balance is the sum of the account's entries."""
    total = func.coalesce(func.sum(LedgerEntry.amount_fen), 0)
    entries = select(LedgerEntry.account_id, total.label("fen")).group_by(LedgerEntry.account_id).subquery()
    should = func.coalesce(entries.c.fen, 0)
    wrong = (
        select(BankAccount.id, BankAccount.balance_fen, should)
        .outerjoin(entries, entries.c.account_id == BankAccount.id)
        .where(BankAccount.balance_fen != should)
        .order_by(BankAccount.id)
    )
    for account, balance, sum_fen in db.execute(wrong):
        yield f"account {account} holds {balance} fen, its entries sum to {sum_fen}"


def _postings(db: Session) -> Iterator[str]:
    """A posting that moved money has two entries of its amount that sum to zero; any other posting has none."""
    moved = and_(LedgerPosting.state == "done", LedgerPosting.amount_fen > 0)
    lines, total = func.count(LedgerEntry.line), func.coalesce(func.sum(LedgerEntry.amount_fen), 0)
    came = func.coalesce(func.max(LedgerEntry.amount_fen), 0)
    wrong = (
        select(LedgerPosting.key, lines, total, came, LedgerPosting.amount_fen)
        .outerjoin(LedgerEntry)
        .group_by(LedgerPosting.id, LedgerPosting.key, LedgerPosting.state, LedgerPosting.amount_fen)
        .having(
            or_(
                lines != case((moved, 2), else_=0),
                total != 0,
                came != case((moved, LedgerPosting.amount_fen), else_=0),
            )
        )
        .order_by(LedgerPosting.id)
    )
    for key, count, sum_fen, fen, asked in db.execute(wrong):
        yield f"posting {key} over {asked} fen has {count} entries over {fen} fen that sum to {sum_fen}"


def _references(db: Session, keyring: Keyring) -> Iterator[str]:
    """Each reference is derived from the posting's key; a posting that the hotline did not write fails this check."""
    told = select(LedgerPosting.key, LedgerPosting.reference).order_by(LedgerPosting.id)
    for key, reference in db.execute(told.execution_options(yield_per=AT_ONCE)):
        if not is_reference_for(keyring, key, reference):
            yield f"posting {key} was not written by the hotline"


def _bills(db: Session) -> Iterator[str]:
    """Each paid bill has a posting of kind bill, of the bill's amount, to its biller."""
    went_to = select(LedgerEntry.book).where(LedgerEntry.posting_id == LedgerPosting.id, LedgerEntry.line == 1)
    wrong = (
        select(IssuedBill.id, LedgerPosting.key)
        .join(LedgerPosting, LedgerPosting.id == IssuedBill.posting_id)
        .join(BillerNumber)
        .where(
            or_(
                LedgerPosting.kind != "bill",
                LedgerPosting.state != "done",
                LedgerPosting.amount_fen != IssuedBill.amount_fen,
                went_to.scalar_subquery() != literal("biller.") + BillerNumber.biller,
            )
        )
        .order_by(IssuedBill.id)
    )
    for bill, key in db.execute(wrong):
        yield f"bill {bill} is marked as paid by posting {key}, which did not pay it"


def _orders(db: Session, keyring: Keyring) -> Iterator[str]:
    """Each order's amount, account and digest match its sealed body."""
    for order in db.scalars(select(CoreOrder).order_by(CoreOrder.key).execution_options(yield_per=AT_ONCE)):
        try:
            asked = _asked(keyring, order)
        except (ConfigurationError, KeyError, TypeError, ValueError):
            yield f"order {order.key} cannot be read"
            continue
        held = (order.kind, order.customer_id, order.amount_fen)
        if order.request != asked.digest(keyring) or held != (asked.kind, asked.customer_id, asked.amount_fen):
            yield f"order {order.key} is not the one that was made: it holds {order.amount_fen} fen"


def _asked(keyring: Keyring, order: CoreOrder) -> Instruction:
    """The instruction of an order, rebuilt from its sealed body as `ivr.bank.remote.http` builds it."""
    body = body_of(keyring, order)
    customer_id, fen = body["customer"], 0
    about: tuple[str, ...] = ()
    if order.kind == "transfer":
        fen, about = body["amount_fen"], (body["account"], body["payee"])
    elif order.kind == "bill":
        bill = body["bill"]
        fen, about = bill["amount_fen"], (body["account"], bill["id"], bill["biller"], bill["customer_number"])
    elif order.kind == "password":
        about = (body["kind"], body["prepared"])
    elif order.kind == "loss":
        about = (body["card"], body["until"])
    elif order.kind == "hold":
        about = (body["until"],)
    return Instruction(order.key, order.kind, customer_id, fen, about)


def _passwords(db: Session, keyring: Keyring) -> Iterator[str]:
    """Each password row matches its digest, for its customer and kind."""
    for row in db.scalars(select(BankPassword).order_by(BankPassword.id).execution_options(yield_per=AT_ONCE)):
        if row.digest != row_digest(keyring, row):
            yield f"the {row.kind} password of customer {row.customer_id} is not the one that was set (row {row.id})"
