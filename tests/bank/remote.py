"""The remote bank under test: the hotline's client, and the fake core server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.bank.core import CoreBank, Posting
from ivr.bank.models import LedgerEntry, LedgerPosting
from ivr.bank.remote.client import CoreClient
from ivr.bank.remote.dispatch import Claim, Dispatch
from ivr.bank.remote.http import HttpBank
from ivr.bank.remote.models import CoreOrder
from ivr.db import Database, finish
from ivr.platform.jobs.leases import take
from tests.bank.harnesses import TRIES
from tests.fakes.core_server import TOKEN, CoreServer

T = TypeVar("T")
WANG = "wang_fang"


class NeedsExternalResult(Exception):  # noqa: N818 - a request, not an error
    """Work that must not happen inside the transaction, as in `ivr.calls.services.context`."""

    def __init__(self, key: object, work: Callable[[], object]) -> None:
        super().__init__("work outside the transaction")
        self.key, self.work = key, work


@dataclass
class RemoteHarness:
    """A hotline with a remote core bank. `late` collects the outcomes that no call heard."""

    database: Database
    core: CoreServer
    seconds: float = 5
    late: list[tuple[str, str, str]] = field(default_factory=list)
    client: CoreClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.new_client()

    def new_client(self, url: str = "") -> CoreClient:
        """A line with a breaker that has seen nothing yet."""
        return CoreClient(url or self.core.url, TOKEN, seconds=self.seconds, steady=lambda: self.now.timestamp())

    @property
    def now(self) -> datetime:
        """One clock for both ends."""
        return self.core.harness.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self.core.harness.now = moment

    def ask(self, deed: Callable[[CoreBank], T]) -> T:
        """As a turn does it: questions to the core are put outside the transaction, and the turn is taken again."""
        memo: dict[object, object] = {}
        for _ in range(TRIES):
            try:
                with self.database.begin() as connection, Session(connection) as db:
                    answer = deed(self.bank(db, memo))
                    finish(db)
                    db.commit()
                    return answer
            except NeedsExternalResult as request:
                memo[request.key] = request.work()
            except IntegrityError:
                continue
        raise AssertionError(f"a turn did not go through in {TRIES} tries")

    def bank(self, db: Session, memo: dict[object, object]) -> HttpBank:
        """The port inside a transaction."""

        def ask(key: object, work: Callable[[], T]) -> T:
            if key not in memo:
                raise NeedsExternalResult(key, work)
            return memo[key]  # type: ignore[return-value]

        harness = self.core.harness
        return HttpBank(db, harness.keyring, self.now, harness.settings, self.client, ask)

    def post(self, deed: Callable[[CoreBank], Posting]) -> Posting:
        """A caller who waits: the instruction is asked for again after the worker had its turn."""
        posting = self.ask(deed)
        if posting.state == "working":
            self.deliver()
            posting = self.ask(deed)
        return posting

    def deliver(self) -> None:
        """The worker's turn."""
        self.dispatch().work()

    def claim(self) -> Claim | None:
        """A worker takes an order, and does no more."""
        dispatch = self.dispatch()
        return take(dispatch.database, dispatch.orders, dispatch.clock())

    def dispatch(self) -> Dispatch:
        """The worker of this hotline."""
        harness = self.core.harness

        def late(_: Session, order: CoreOrder, _now: datetime) -> None:
            self.late.append((order.key, order.state, order.reference))

        return Dispatch(self.database, harness.keyring, harness.settings, self.client, lambda: self.now, late)

    def pass_time(self, **amount: float) -> None:
        """Move the clock at both ends, `timedelta` words."""
        self.now += timedelta(**amount)


def transfer(key: str, fen: int = 1_000_00, account: str = "1") -> Callable[[CoreBank], Posting]:
    return lambda bank: bank.transfer(key, WANG, account, "payee.1", fen)


def effects(remote: RemoteHarness, key: str) -> list[int]:
    """The entries of a key in the core's own books."""
    with remote.core.harness.database.begin() as connection:
        found = select(LedgerEntry.amount_fen).join(LedgerPosting).where(LedgerPosting.key == key)
        return sorted(connection.scalars(found))


def steps(remote: RemoteHarness) -> list[str]:
    """What the worker said to the core, in its order."""
    return [name for name in remote.core.asked if name in {"transfer", "outcome"}]


def order(remote: RemoteHarness, key: str) -> CoreOrder:
    with Session(remote.database.durable) as db:
        found = db.get(CoreOrder, key)
        assert found is not None
        return found


def available(remote: RemoteHarness) -> int:
    return remote.ask(lambda bank: bank.accounts(WANG))[0].available_fen
