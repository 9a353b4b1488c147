"""Advisory locks, and the one order in which a transaction takes locks that other calls may want too."""

import hashlib
from enum import IntEnum, auto

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

LOG = structlog.get_logger("ivr.db")
_HELD = "locks held"  # in the info of a connection: its transaction, and what that holds


class Lock(IntEnum):
    """What is locked, in the order in which it may be: whoever holds one takes only those behind it.

    Several of one kind are taken in the order of their subjects. Rows that belong to one call alone (its own row, its
    stay in a queue) come before them all and are left out.
    """

    CALLER = auto()  # what a calling number may still do
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
    TEXT = auto()  # the texts to a number that are counted
    ROSTER = auto()  # the import of a roster of staff
    SIGN_IN = auto()  # the tries to sign in under a user name of staff, and from an address
    AUDIT = auto()  # the head of the audit log: every deed ends with it, so it comes last of all


Taken = tuple[Lock, bytes]


class OutOfOrder(RuntimeError):  # noqa: N818 - what was wrong with it, not what failed
    """A transaction took a lock that stands before one that it holds: two such can wait for each other forever."""


class Policy:
    """Whether a lock out of order is an error, as in tests, or a line in the log: a caller is on the line."""

    raises = False


def advisory_lock(db: Session, lock: Lock, subject: str | bytes) -> None:
    """Hold this lock while counting then inserting, so that concurrent calls cannot both pass a limit.

    It is held until the transaction ends. SQLite has one writer, who begins with its lock: nothing to wait for.
    """
    name = subject.encode() if isinstance(subject, str) else subject
    if not note_lock(db, lock, name) or db.get_bind().dialect.name == "sqlite":
        return
    digest = hashlib.blake2b(lock.name.lower().encode() + b"|" + name, digest_size=8).digest()
    db.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest, "big", signed=True))))


def note_lock(db: Session, lock: Lock, subject: bytes = b"") -> bool:
    """Check that a lock may be taken now, on rows or by name; False where this transaction holds it already."""
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
