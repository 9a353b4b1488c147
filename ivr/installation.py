"""The composition root of every process: environment, settings, keys, database, provider."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from ivr.bank.customers import known_keys
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.calls.assembly import publish_files
from ivr.centre.floor.board import FloorRules
from ivr.db import Database, open_database, schema
from ivr.foundation import clock, logs
from ivr.foundation.calendar import Calendar, CalendarFolder, day_spans, missing_years
from ivr.foundation.config import Settings, read_settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.environment import Environment, read_environment
from ivr.foundation.errors import ConfigurationError, DatabaseOutdated, IvrError, NotReady
from ivr.foundation.key_file import key_in
from ivr.platform.jobs.startup import is_final, waited_for
from ivr.telephony import twilio
from ivr.telephony.provider import Provider

ROOT = Path(__file__).resolve().parents[1]
KEY_FILE = "secret.key"
FIRST_SECONDS = 10.0  # how long a server waits for the first try to open before it listens
APP_LOAD_ERROR = 4  # what gunicorn understands as "do not try again"
T = TypeVar("T")
OTHERS = 0o077  # the permission bits of group and others
LOG = structlog.get_logger("ivr.installation")


@dataclass(frozen=True)
class Installation:
    """One installation: its environment, settings and folder, and what is built from them."""

    environment: Environment
    settings: Settings
    root: Path = ROOT

    @classmethod
    def here(cls, env: Mapping[str, str] = os.environ, root: Path = ROOT) -> "Installation":
        """The installation that the environment and config.yaml describe; raises `ConfigurationError`."""
        made = cls(read_environment(env), read_settings(root / "config.yaml"), root)
        twilio.check(made.environment, made.settings)
        return made

    @cached_property
    def database(self) -> Database:
        """The database, opened once."""
        url = _address(self.environment.database_url)
        if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("/"):
            url = url.set(database=str(self.root / url.database))
        return open_database(url.render_as_string(hide_password=False))

    @property
    def anchor_file(self) -> Path:
        """The anchor file of the audit log: beside an embedded database, else in var/ under host and database name."""
        url = self.database.durable.url
        if self.database.is_sqlite and url.database:
            return Path(url.database).with_suffix(".audit.anchors")
        return self.root / "var" / f"{url.host or 'local'}.{url.database}.audit.anchors"

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of IVR_SECRET_KEY; with an embedded database, else of the file `secret.key`, generated on first use.

        Raises `ConfigurationError` when they are not those of the database, in their order.
        """
        keyring = Keyring.from_text(self.environment.secret_key) if self.environment.secret_key else self._kept_keys()
        with suppress(SQLAlchemyError):  # no answer: `check_database` checks again
            known_keys.check(self.database, keyring, clock.now())
        return keyring

    def _kept_keys(self) -> Keyring:
        name = self.database.durable.url.database
        if not self.database.is_sqlite or not name:
            raise ConfigurationError(
                "set IVR_SECRET_KEY (the same on every machine); make one with: openssl rand -hex 32"
            )
        path = Path(name).with_name(KEY_FILE)
        if not path.exists() and not known_keys.is_unused(self.database):
            raise ConfigurationError(
                f"{Path(name).name} holds what a key sealed, but there is no {KEY_FILE} beside it: copy it from where "
                "it was kept (docs/operations.md, Backups), or choose another database with IVR_DATABASE_URL"
            )
        try:
            keyring = Keyring.from_text(key_in(path))
        except (ConfigurationError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"{path} holds no key of 32 characters or more: bring it back from where it was kept "
                "(docs/operations.md, Backups); where this database never served a call, delete it, and one is made"
            ) from error
        except OSError as error:
            raise NotReady(f"{path}: {error.strerror}; the folder that IVR_DATABASE_URL names must be there") from error
        if path.stat().st_mode & OTHERS:
            raise ConfigurationError(f"{path} opens every sealed value, and others can read it: chmod 600 {path}")
        return keyring

    @cached_property
    def _calendar_folder(self) -> CalendarFolder:
        hours = day_spans(self.settings.working_hours)
        return CalendarFolder(self.root / "calendar", self.settings.bank.zone, hours)

    @property
    def calendar(self) -> Calendar:
        """The working calendar as its files are now; raises `ConfigurationError`. Ask again for each deadline."""
        return self._calendar_folder.now()

    @property
    def floor_rules(self) -> FloorRules:
        """What the floor goes by."""
        return FloorRules(self.settings.bank.zone, self.settings.floor, self.settings.queues)

    @cached_property
    def hasher(self) -> PasswordHasher:
        """The password hasher of callers, with the parameters of config.yaml."""
        return self.another_hasher()

    def another_hasher(self) -> PasswordHasher:
        """A hasher for staff with its own queue, so that staff sign-ins do not delay callers."""
        rules = self.settings.verification.hashing
        return PasswordHasher(self.keyring, rules.memory_kib, rules.passes, rules.lanes, rules.at_once)

    @cached_property
    def provider(self) -> Provider:
        """The telephone provider of this installation."""
        return twilio.connect(self.environment, self.settings)

    def check_provider(self) -> None:
        """Raises `ConfigurationError` without the credentials that verify the provider's webhooks."""
        if not self.environment.has_provider:
            raise ConfigurationError(
                "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set. In production the hotline needs its provider's "
                "credentials; on one machine without an account, run: python app.py"
            )

    def check_database(self) -> None:
        """Raises `DatabaseOutdated`, `ConfigurationError` when the keys do not match, and SQLAlchemy's errors."""
        if schema.present(self.database) != schema.newest():
            raise DatabaseOutdated
        known_keys.check(self.database, self.keyring, clock.now())
        if self.readable_by_others is not None:
            LOG.warning("other users can read the database", remedy=self.readable_by_others)

    @property
    def readable_by_others(self) -> str | None:
        """The remedy when other users of this machine can read an embedded database; else None."""
        name = self.database.durable.url.database
        path = Path(name) if self.database.is_sqlite and name else None
        if path is None or not path.exists() or not path.stat().st_mode & OTHERS:
            return None
        return f"chmod 600 {path}*"

    def publish(self) -> str:
        """Publish the folder's flows at startup if they are new; returns the bundle hash of new calls."""
        self._tell_missing_years()
        return publish_files(self.database, self.keyring, self.settings, self.root, clock.now(), "start")

    def _tell_missing_years(self) -> None:
        for year in missing_years(self.calendar.years, clock.now().astimezone(self.settings.bank.zone).date()):
            self.calendar.guessed(year)


@contextmanager
def opened() -> Iterator[Installation]:
    """The installation, for one command; its database is closed at the end."""
    installation = Installation.here()
    try:
        yield installation
    finally:
        if "database" in vars(installation):  # set by the cached property on first use
            installation.database.close()


WHOLE, REFUSED, WAITS = 0, 1, 2


def made_or_exit(make: Callable[[], T], what: str) -> T:
    """What gunicorn asks for, made now; where no waiting mends it, one line says why and the process ends for good."""
    try:
        return make()
    except IvrError as error:
        sys.stderr.write(f"{what} does not start: {error}\n")
        sys.exit(APP_LOAD_ERROR)


def checked() -> int:
    """Whether this installation can serve calls: at once, never, or as soon as its database is available.

    With an available database it also publishes the flows: checking them takes seconds, and several processes doing so
    at once would wait for each other.
    """
    logs.configure()
    try:
        with opened() as installation:
            installation.check_provider()
            installation.check_database()
            installation.publish()
    except Exception as error:  # the workers retry after all errors that are not final
        if is_final(error):
            sys.stderr.write(f"the hotline does not start: {error}\n")
            return REFUSED
        is_foreseen = isinstance(error, IvrError | SQLAlchemyError | OSError)
        LOG.warning(
            "the hotline starts without its database; callers hear an apology",
            reason=waited_for(error),
            exc_info=None if is_foreseen else error,
        )
        return WAITS
    return WHOLE


def _address(text: str) -> URL:
    """Parse a supported database URL; the error message for a wrong one omits a possible password."""
    try:
        url = make_url(text)
        known = url.get_backend_name() in ("sqlite", "postgresql")
        url.get_dialect()
    except (ArgumentError, ImportError, ValueError, NoSuchModuleError):
        known = False
    if not known:
        raise ConfigurationError(
            "IVR_DATABASE_URL must be sqlite:///path or postgresql://user:password@host/name, and is neither"
        )
    return url
