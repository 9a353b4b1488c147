"""The resources of the pages, and the transactions in which they read and act."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from zoneinfo import ZoneInfo

from flask import g, request
from sqlalchemy.orm import Session

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.calls.desk_bank import DeskBank
from ivr.calls.publishing.bundles import Bundles
from ivr.centre.desk.paths import Paths
from ivr.centre.floor.board import AgentFigures, Board, FloorRules
from ivr.centre.floor.needs import HalfHour
from ivr.centre.staff.attempts import Origin
from ivr.centre.staff.sessions import SignedIn
from ivr.console.scripts import Script
from ivr.console.snapshots import Snapshot
from ivr.console.streams import Streams
from ivr.db import Database, unit_of_work
from ivr.foundation.addresses import client_address
from ivr.foundation.config.settings import WrapUpSettings
from ivr.foundation.crypto import Keyring
from ivr.platform import live
from ivr.platform.actor import Actor
from ivr.platform.keyring import carry
from ivr.telephony.provider import Recordings

DEVICE = "staff_device"  # the cookie of a browser in which somebody signed in: ivr/centre/staff/devices.py


@dataclass(frozen=True)
class Office:
    """`bank_name` by language; `is_demonstration` is true while the embedded exchange runs; `clock` gives aware UTC.

    `trusted_proxies`: whose word for the address of a browser is taken.
    """

    database: Database
    keyring: Keyring
    hasher: PasswordHasher
    zone: ZoneInfo
    bank_name: Mapping[str, str]
    clock: Callable[[], datetime]
    paths: Paths
    wrap_up: WrapUpSettings
    floor_rules: FloorRules
    bank: DeskBank
    scripts: Mapping[str, Script]
    streams: Streams
    recordings: Recordings
    bundles: Bundles
    is_demonstration: bool = False
    trusted_proxies: Sequence[IPv4Network | IPv6Network] = ()
    agent_figures: Snapshot[AgentFigures] = field(default_factory=Snapshot)
    boards: Snapshot[Board] = field(default_factory=Snapshot)
    staffing: Snapshot[Sequence[HalfHour]] = field(default_factory=Snapshot)


def office() -> Office:
    """The resources for this request."""
    found: Office = g.office
    return found


def now() -> datetime:
    """The time of this request in the bank's zone."""
    moment: datetime = g.now
    return moment


def midnight() -> datetime:
    """When the bank's day began."""
    return now().replace(hour=0, minute=0, second=0, microsecond=0)


def signed_in() -> SignedIn:
    """The session of the reader; only views that need a permission may call this."""
    found: SignedIn = g.signed_in
    return found


def origin() -> Origin:
    """Where this request comes from, for the throttle of sign-in."""
    told = request.headers.getlist("X-Forwarded-For")
    address = client_address(request.remote_addr or "", ",".join(told), office().trusted_proxies)
    return Origin(address, request.cookies.get(DEVICE, ""))


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


def watch(db: Session, *topics: str) -> dict[str, int]:
    """The versions of the topics that a live page shows, for its template; to be read before anything it shows."""
    known = live.versions(db)
    return {topic: known.get(topic, 0) for topic in topics}
