"""What every command and the application begin with: environment, settings, keys, database."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ivr.banking.hashing import PasswordHasher
from ivr.config import Settings, read_settings
from ivr.crypto import Keyring
from ivr.customers import directory
from ivr.db import Database, open_database
from ivr.environment import Environment, read_environment
from ivr.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
KEY_FILE = "secret.key"


@dataclass(frozen=True)
class Installation:
    """One installation of the product."""

    environment: Environment
    settings: Settings
    root: Path = ROOT

    @classmethod
    def here(cls, env: Mapping[str, str] = os.environ, root: Path = ROOT) -> "Installation":
        """The installation that the environment and config.yaml describe; raises `ConfigurationError`."""
        return cls(read_environment(env), read_settings(root / "config.yaml"), root)

    @cached_property
    def database(self) -> Database:
        """The database, opened once."""
        url = make_url(self.environment.database_url)
        if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("/"):
            url = url.set(database=str(self.root / url.database))
        return open_database(url.render_as_string(hide_password=False))

    @property
    def anchor_file(self) -> Path:
        """Where the audit log of this database is anchored: beside an embedded one, else in var/ under its name."""
        url = self.database.durable.url
        if self.database.is_sqlite and url.database:
            return Path(url.database).with_suffix(".audit.anchors")
        return self.root / "var" / f"{url.host or 'local'}.{url.database}.audit.anchors"

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of IVR_SECRET_KEY; beside an embedded database a file of its own, made on first use.

        Raises `ConfigurationError` where they are not those that the customers in the database were sealed with.
        """
        keyring = Keyring.from_text(self.environment.secret_key or self._secret_beside())
        if not _fits(keyring, self.database):
            raise ConfigurationError(
                "this database was made with another key: give IVR_SECRET_KEY, or bring back secret.key beside the "
                "database, as they were (docs/operations.md, Backups)"
            )
        return keyring

    def _secret_beside(self) -> str:
        name = self.database.durable.url.database
        if not self.database.is_sqlite or not name:
            raise ConfigurationError(
                "set IVR_SECRET_KEY (the same on every machine); make one with: openssl rand -hex 32"
            )
        path = Path(name).with_name(KEY_FILE)
        if not path.exists() and not _fits(None, self.database):
            raise ConfigurationError(
                f"{Path(name).name} holds customers, but there is no {KEY_FILE} beside it: copy it from where it was "
                "kept (docs/operations.md, Backups), or choose another database with IVR_DATABASE_URL"
            )
        return _key_in(path)

    @cached_property
    def hasher(self) -> PasswordHasher:
        """The password hasher with the parameters of config.yaml."""
        rules = self.settings.verification.hashing
        return PasswordHasher(self.keyring, rules.memory_kib, rules.passes, rules.lanes, rules.at_once)


def _fits(keyring: Keyring | None, database: Database) -> bool:
    """Whether a customer can be read with these keys; true where there is none yet, or nobody answers."""
    try:
        with database.look() as transaction, Session(transaction.connection) as rows:
            return directory.is_readable(rows, keyring)
    except SQLAlchemyError:
        return True


def _key_in(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        text = secrets.token_hex(32)
        file.write(text + "\n")
    return text
