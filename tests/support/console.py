"""The staff pages on real HTTP: the demonstration staff, a clock to move, and people with a browser's cookies."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.calls.assembly import service_resources
from ivr.calls.desk_bank import DeskBank
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.services.registry import catalogue
from ivr.centre.desk.paths import Paths
from ivr.centre.floor.board import FloorRules
from ivr.centre.staff.demo import load_demo_staff, password_of
from ivr.centre.staff.models import Account
from ivr.console.application import standalone
from ivr.console.office import Office
from ivr.console.scripts import read_scripts
from ivr.console.streams import Streams
from ivr.db import Database, work
from ivr.foundation.addresses import networks
from ivr.foundation.config import read_settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.environment import Environment
from ivr.platform.audit.models import AuditEntry
from ivr.platform.keyring import carry
from ivr.platform.live import Listener
from ivr.telephony.provider import Recordings
from tests.support.databases import ROOT
from tests.support.hotline import ZONE, Clock
from tests.support.serving import Served
from tests.support.tapes import Tapes

STREAMS = 8
BEAT_SECONDS = 0.3  # so that a test need not wait for a sign of life
TOKEN = re.compile(r'<meta name="csrf-token" content="([0-9a-f]+)">')
ENVIRONMENT = Environment(public_url="http://hotline.test", database_url="", hotline_number="+862160195588")
ERROR = re.compile(r'<p class="error" id="([a-z_]+)-e">([^<]*)</p>')


@contextmanager
def rows_of(database: Database, keyring: Keyring) -> Iterator[Session]:
    """A unit of work as the pages begin one."""
    with work(database) as db:
        carry(db, keyring)
        yield db


@dataclass
class Console:
    """Running staff pages."""

    database: Database
    keyring: Keyring
    clock: Clock
    office: Office
    served: Served = field(init=False)

    def __post_init__(self) -> None:
        self.served = Served(standalone(lambda: self.office))

    def show_demonstration(self, *, shown: bool) -> None:
        """As while the embedded exchange runs, or not."""
        self.office = replace(self.office, is_demonstration=shown)

    def trust(self, proxies: str) -> None:
        """As behind proxies of these networks."""
        self.office = replace(self.office, trusted_proxies=networks(proxies))

    @property
    def url(self) -> str:
        """Where they are."""
        return f"http://127.0.0.1:{self.served.port}"

    def person(self, user_name: str = "") -> "Person":
        """Somebody with a browser; signed in, where a name of the demonstration staff is given."""
        made = Person(self.url)
        if user_name:
            assert made.sign_in(user_name, password_of(user_name)).url.startswith(f"{self.url}/console/")
        return made

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A unit of work."""
        with rows_of(self.database, self.keyring) as db:
            yield db

    def account(self, user_name: str) -> Account:
        """The row of an account."""
        with self.rows() as db:
            return db.scalars(select(Account).where(Account.id == user_name)).one()

    def audited(self, deed: str) -> list[AuditEntry]:
        """The audit entries of an operation."""
        with self.rows() as db:
            return list(db.scalars(select(AuditEntry).where(AuditEntry.deed == deed).order_by(AuditEntry.seq)))

    def close(self) -> None:
        """Stop serving."""
        self.office.streams.listener.close()  # before its threads are waited for: streams end with it
        self.served.close()


@dataclass
class Person:
    """A browser's cookies and the token of the last page; redirects are followed."""

    url: str
    http: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def get(self, path: str, **more: object) -> requests.Response:
        """A page."""
        return self._seen(self.http.get(self.url + path, timeout=10, **more))  # type: ignore[arg-type]

    def post(self, path: str, form: dict[str, object] | None = None, **more: object) -> requests.Response:
        """A form, with the token of the last page."""
        sent = {"csrf_token": self.token, **(form or {})}
        return self._seen(self.http.post(self.url + path, data=sent, timeout=10, **more))  # type: ignore[arg-type]

    def sign_in(self, user_name: str, password: str) -> requests.Response:
        """Through the first page; where a second factor is set up, its page is what comes back."""
        self.get("/console/sign-in")
        return self.post("/console/sign-in", {"user_name": user_name, "password": password})

    def _seen(self, answer: requests.Response) -> requests.Response:
        found = TOKEN.search(answer.text)
        self.token = found.group(1) if found else self.token
        return answer


def errors(answer: requests.Response) -> dict[str, str]:
    """Field -> what the page says is wrong with it."""
    return dict(ERROR.findall(answer.text))


def open_console(
    database: Database, keyring: Keyring, hasher: PasswordHasher, clock: Clock, recordings: Recordings | None = None
) -> Console:
    """Staff pages on a database, served until `close`; without `recordings` nothing was ever recorded."""
    recordings = recordings or Tapes({})
    with rows_of(database, keyring) as db:
        load_demo_staff(db, hasher.hash, _local(clock))
    settings = read_settings(ROOT / "config.yaml")
    bank = service_resources(ENVIRONMENT, settings, keyring, hasher)
    office = Office(
        database, keyring, hasher, ZONE, {"zh-CN": "远山银行", "en": "Yuanshan Bank"}, clock,
        Paths("http://hotline.test"), settings.wrap_up, FloorRules(ZONE, settings.floor, settings.queues),
        DeskBank(database, bank, Bundles(database, catalogue)),
        read_scripts(ROOT / "scripts", settings.languages),
        Streams(Listener(database), STREAMS, BEAT_SECONDS), recordings, Bundles(database, catalogue),
        is_demonstration=True,
    )  # fmt: skip
    return Console(database, keyring, clock, office)


def _local(clock: Clock) -> datetime:
    return clock().astimezone(ZONE)
