"""Advisory locks, and the fixed order in which a transaction takes locks, to prevent deadlocks."""

import hashlib
from enum import IntEnum, auto

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

LOG = structlog.get_logger("ivr.db")
_HELD = "locks held"  # key in a connection's info: its transaction and the locks held by it


class Lock(IntEnum):
    """The locks in their order: a transaction that holds one takes only later ones.

    Several of one kind are taken in the order of their subjects. Rows of a single call (its row, its queue entry) come
    before all of them and are not listed.
    """

    CALLER = auto()  # the counted attempts of a calling number
    LOCKOUT = auto()  # the wrong passwords of a customer
    LOSS = auto()  # the reports of loss of a customer
    MONEY = auto()  # the instructions of a customer
    BILL = auto()
    BANK_CUSTOMER = auto()  # rows of the embedded ledger
    BANK_CARD = auto()
    BANK_ACCOUNTS = auto()  # by their id
    BANK_BILL = auto()
    CODE = auto()  # the one-time codes of a customer
    QUEUE = auto()
    CALLBACK = auto()
    INTERACTION = auto()  # a customer and an agent
    AGENT = auto()  # what an agent does
    TEXT = auto()  # the counted texts to a number
    ROSTER = auto()  # the import of a roster of staff
    SIGN_IN = auto()  # the sign-in attempts under a user name, and from an address
    AUDIT = auto()  # the head of the audit log: every deed ends with it, so it comes last


Taken = tuple[Lock, bytes]


class OutOfOrder(RuntimeError):  # noqa: N818 - named after the violation
    """A transaction took a lock that precedes one that it holds: two such transactions can deadlock."""


class Policy:
    """Whether a lock out of order raises, as in tests, or is only logged, as in production."""

    raises = False


def advisory_lock(db: Session, lock: Lock, subject: str | bytes) -> None:
    """Hold this lock while counting then inserting, so that concurrent calls cannot both pass a limit.

    It is held until the transaction ends. On SQLite nothing is locked, since a writing transaction excludes all others.
    """
    name = subject.encode() if isinstance(subject, str) else subject
    if not note_lock(db, lock, name) or db.get_bind().dialect.name == "sqlite":
        return
    digest = hashlib.blake2b(lock.name.lower().encode() + b"|" + name, digest_size=8).digest()
    db.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest, "big", signed=True))))


def note_lock(db: Session, lock: Lock, subject: bytes = b"") -> bool:
    """Check the order of a lock, on rows or by name; False when this transaction holds it already."""
    connection = db.connection()
    transaction = connection.get_transaction()
    holder, held = connection.info.get(_HELD, (None, set()))
    if holder is not transaction:
        held = set()
        connection.info[_HELD] = (transaction, held)
    return _taken(held, (lock, subject))


def _taken(held: set[Taken], taken: Taken) -> bool:
    if taken in held:
        return False
    if held and (last := max(held)) > taken:
        if Policy.raises:
            raise OutOfOrder(f"the lock {taken[0].name} was taken while {last[0].name} is held")
        LOG.error("locks were taken out of order", lock=taken[0].name, held=last[0].name)
    held.add(taken)
    return True
