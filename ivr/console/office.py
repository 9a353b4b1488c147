"""The resources of the pages, and the transactions in which they read and act."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy.orm import Session

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.centre.staff.sessions import SignedIn
from ivr.db import Database, unit_of_work
from ivr.foundation.crypto import Keyring
from ivr.platform.actor import Actor
from ivr.platform.keyring import carry


@dataclass(frozen=True)
class Office:
    """The resources of the pages. `bank_name` by language; `is_demonstration`: the embedded exchange runs."""

    database: Database
    keyring: Keyring
    hasher: PasswordHasher
    zone: ZoneInfo
    bank_name: Mapping[str, str]
    clock: Callable[[], datetime]
    is_demonstration: bool = False


def office() -> Office:
    """The resources for this request."""
    found: Office = g.office
    return found


def now() -> datetime:
    """The time of this request in the bank's zone."""
    moment: datetime = g.now
    return moment


def signed_in() -> SignedIn:
    """The session of the reader; only views that need a permission may call this."""
    found: SignedIn = g.signed_in
    return found


def actor() -> Actor:
    """The reader as an actor."""
    return signed_in().actor


@contextmanager
def work(*, durable: bool = True) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception. Keep it short, since callers wait."""
    with unit_of_work.work(office().database, durable=durable) as db:
        carry(db, office().keyring)
        yield db


@contextmanager
def reading() -> Iterator[Session]:
    """A read-only transaction; no caller waits for it."""
    with unit_of_work.look(office().database) as db:
        carry(db, office().keyring)
        yield db
