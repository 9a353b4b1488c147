"""A whole installation for tests: the demonstration bank, the project's flows, a clock to move, and real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.calls.assembly import CallHandlers, assemble
from ivr.calls.publishing import bundles as published
from ivr.calls.publishing.sources import read_sources
from ivr.db import Database
from ivr.foundation import logs
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.environment import Environment
from ivr.platform.outbox.models import OutgoingText
from ivr.telephony import twilio
from ivr.telephony.provider import Provider as TelephoneProvider
from ivr.voice import health, webhooks
from ivr.voice.application import application, recordings
from tests.support.caller import Caller
from tests.support.databases import ROOT
from tests.support.door import Door
from tests.support.provider import Provider
from tests.support.seeding import built, quick_hasher
from tests.support.serving import Served

ZONE = ZoneInfo("Asia/Shanghai")
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "made-up-token-for-tests"
PUBLIC = "https://hotline.bank.example"
START = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
WANG, LI, CHEN, ZHANG = "+8613800138000", "+8613912345678", "+8615012340001", "+8618610010002"
STRANGER = "+8613700001111"
DROPS = Provider()
WITHHELD = "anonymous"
IDENTITY = {  # as keyed: the star key is an X
    WANG: "110101199003074215",
    LI: "310115198512123047",
    CHEN: "44030619781126501*",
    ZHANG: "330102199508150620",
}
CARD = {
    WANG: "6222021001122334458",
    LI: "6222023101002003005",
    CHEN: "6225880102030405068",
    ZHANG: "6217001234567890122",
}
SAVINGS = "6222021001987654321"
QUERY = {WANG: "739164", LI: "582047", CHEN: "846213", ZHANG: "705938"}
TRANSACTION = {WANG: "285907", LI: "916358", CHEN: "370582", ZHANG: "461207"}


@dataclass
class Clock:
    """The time of an installation; it stands still until a test moves it."""

    moment: datetime = START

    def __call__(self) -> datetime:
        """This moment, in UTC."""
        return self.moment.astimezone(UTC)

    def forward(self, **span: float) -> None:
        """Move on by so many seconds, minutes, hours or days; below zero is back."""
        self.moment += timedelta(**span)

    def at(self, hour: int, minute: int = 0) -> None:
        """To this time of the same day of the bank."""
        self.moment = self.moment.replace(hour=hour, minute=minute, second=0)


@dataclass
class Hotline:
    """A running installation."""

    database: Database
    settings: Settings
    keyring: Keyring
    clock: Clock
    parts: CallHandlers
    app: Flask
    door: Door
    served: Served
    log: StringIO
    pauses: bool = True  # callers and what is said take their time; False where a test counts the seconds itself

    def caller(self, number: str = WANG) -> Caller:
        """A telephone that has dialled and heard the greeting."""
        return self.phone(number).dial()

    def phone(self, number: str = WANG, provider: Provider = DROPS) -> Caller:
        """A telephone that has not dialled; the clock of the installation moves while it listens."""
        return Caller(self.door, number, self._let_pass, provider)

    @property
    def _let_pass(self) -> Callable[[float], None]:
        return lambda seconds: self.clock.forward(seconds=seconds if self.pauses else 0)

    def mandarin(self, number: str = WANG) -> Caller:
        """A telephone at the main menu, in Mandarin."""
        return self.caller(number).press("1")

    def english(self, number: str = CHEN) -> Caller:
        """A telephone at the main menu, in English."""
        return self.caller(number).press("2")

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """An ORM session in a transaction."""
        with self.database.begin() as connection, Session(connection) as db:
            yield db
            db.flush()

    def ask(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows of an SQL statement."""
        with self.database.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def do(self, statement: str, **values: object) -> None:
        """Carry out an SQL statement that answers no rows."""
        with self.database.begin() as connection:
            connection.execute(text(statement), values)

    def one(self, statement: str, **values: object) -> Any:
        """The single value of an SQL statement."""
        [row] = self.ask(statement, **values)
        return row[0]

    def texts(self, recipient: str = WANG) -> list[str]:
        """The texts that wait to be sent to a number, the oldest first."""
        with self.rows() as db:
            waiting = db.scalars(select(OutgoingText).where(OutgoingText.body.is_not(None)).order_by(OutgoingText.id))
            opened = [
                (
                    self.keyring.open_text(f"outgoing_texts.recipient|{each.key}", each.recipient),
                    self.keyring.open_text(f"outgoing_texts.body|{each.key}", each.body or b""),
                )
                for each in waiting
            ]
        return [body for to, body in opened if to == recipient]

    def code(self, recipient: str = WANG) -> str:
        """The one-time code in the newest text to a number."""
        body = self.texts(recipient)[-1]
        mark = next((mark for mark in ("验证码", "Code ") if mark in body), None)
        assert mark is not None, f"the newest text names no code: {body}"
        return body.partition(mark)[2][:6]

    def balance(self, card: str) -> int:
        """What is on the account of a card, in fen."""
        index = self.keyring.blind_index("card", card)
        found = "select balance_fen from accounts join cards on cards.account_id = accounts.id where number_index = :i"
        return int(self.one(found, i=index))

    def publish(self, **parts: object) -> str:
        """Publish the project's flows with other parts of config.yaml, while calls go on; returns the bundle's hash."""
        sources = read_sources(ROOT, self.settings.model_copy(update=parts))
        with self.database.begin() as connection:
            return published.publish(connection, self.keyring, sources, self.clock(), "tests")

    def rule(self, queue: str, **rules: object) -> str:
        """Publish other rules for a queue."""
        changed = self.settings.queues[queue].model_copy(update=rules)
        return self.publish(queues={**self.settings.queues, queue: changed})

    def close(self) -> None:
        """Stop serving."""
        self.served.close()


def listen() -> StringIO:
    """Set up logging as the product does, but into a buffer: what would stand on standard error."""
    buffer = StringIO()
    logs.configure()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(buffer))
    return buffer


def open_hotline(
    database: Database,
    settings: Settings,
    keyring: Keyring,
    clock: Clock,
    public_url: str = PUBLIC,
    hasher: PasswordHasher | None = None,
    provider: TelephoneProvider | None = None,
    **core: str,
) -> Hotline:
    """An installation on a seeded database, served until `close`; `core_url` and `core_token` for a remote core.

    `provider` is another one than Twilio.
    """
    environment = Environment(
        public_url=public_url,
        database_url="",
        hotline_number="+862160195588",
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        **core,
    )
    _, bundle = built()  # a process builds it once; a test process has many installations
    known = {bundle.hash: bundle}
    provider = provider or twilio.connect(environment, settings)
    hashes = hasher or quick_hasher(keyring)
    parts = assemble(environment, settings, database, keyring, hashes, clock, provider.documents, known=known)
    context = webhooks.VoiceContext(
        lambda: parts,
        public_url,
        provider.webhooks,
        provider.documents,
        tuple(settings.speech),
        lambda: parts.bundles.overflow or settings.routing[-1].queue,
    )
    app = application(
        webhooks.blueprint(context), health.blueprint({}, list), recordings(ROOT / "prompts"), base=context.base
    )
    served, log = Served(app), listen()
    door = Door(("127.0.0.1", served.port), public_url, ACCOUNT, TOKEN)
    return Hotline(database, settings, keyring, clock, parts, app, door, served, log)
