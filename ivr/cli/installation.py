"""What every command and the application begin with: environment, settings, keys, database."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import make_url

from ivr.banking.hashing import PasswordHasher
from ivr.config import Settings, read_settings
from ivr.crypto import Keyring
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
        """The keys of IVR_SECRET_KEY; beside an embedded database a file of its own, made on first use."""
        if self.environment.secret_key:
            return Keyring.from_text(self.environment.secret_key)
        name = self.database.durable.url.database
        if not self.database.is_sqlite or not name:
            raise ConfigurationError(
                "set IVR_SECRET_KEY (the same on every machine); make one with: openssl rand -hex 32"
            )
        return Keyring.from_text(_key_beside(Path(name)))

    @cached_property
    def hasher(self) -> PasswordHasher:
        """The password hasher with the parameters of config.yaml."""
        rules = self.settings.verification.hashing
        return PasswordHasher(self.keyring, rules.memory_kib, rules.passes, rules.lanes, rules.at_once)


def _key_beside(database: Path) -> str:
    path = database.with_name(KEY_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        text = secrets.token_hex(32)
        file.write(text + "\n")
    return text
