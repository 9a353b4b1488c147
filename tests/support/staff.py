"""Staff in a database, without pages: units of work, people who can sign in, and what the audit log tells."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.staff import accounts, credentials, sessions, signing_in, totp
from ivr.centre.staff.accounts import Person
from ivr.centre.staff.attempts import Origin
from ivr.centre.staff.models import Account
from ivr.centre.staff.roles import Role
from ivr.centre.staff.signing_in import Outcome, Tokens
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from ivr.platform.audit import chain
from ivr.platform.audit.models import AuditEntry
from tests.support.console import rows_of
from tests.support.hotline import START

TECH = Actor("staff", "tech1", frozenset({Role.TECH}))
SECRET = b"12345678901234567890"
NOW = START
HERE = Origin("10.1.2.3")
ELSEWHERE = Origin("203.0.113.9")
AGENT = Person("zhao.min", "赵敏", frozenset({Role.AGENT}), "", ("2B", date(2025, 6, 30)))


@dataclass
class Staff:
    """A database, and units of work on it."""

    database: Database
    keyring: Keyring

    def work(self) -> AbstractContextManager[Session]:
        return rows_of(self.database, self.keyring)

    def active(self, person: Person = AGENT) -> str:
        """Somebody who can sign in; their password's hash is the word hash."""
        with self.work() as db:
            account = accounts.add(db, TECH, person, "new", NOW)
            account.password_hash = "hash"
            accounts.activate(db, TECH, account, "new", NOW)
        return person.user_name

    def sign_in(
        self, user_name: str, token: str, now: datetime = NOW, *, is_right: bool = True, origin: Origin = HERE
    ) -> str:
        return self.outcome(user_name, token, now, is_right=is_right, origin=origin).kind

    def outcome(
        self, user_name: str, token: str, now: datetime = NOW, *, is_right: bool = True, origin: Origin = HERE
    ) -> Outcome:
        with self.work() as db:
            attempt = signing_in.begin(db, user_name, origin, now)
        with self.work() as db:
            return signing_in.with_password(db, attempt, is_right, Tokens(token, f"device of {token}"), now)

    def wrong(self, user_name: str, origin: Origin, times: int = 1) -> list[str]:
        """What each of so many wrong passwords is told; throttled ones too."""
        told = []
        for _ in range(times):
            try:
                told.append(self.sign_in(user_name, "none", is_right=False, origin=origin))
            except Refused as refused:
                told.append(refused.rule)
        return told

    def with_factor(self, codes: tuple[str, ...] = ("aaaaa-bbbbb",)) -> str:
        """Somebody whose second factor was set up with the code of a minute ago."""
        name = self.active()
        self.sign_in(name, "setting up")
        with self.work() as db:
            credentials.begin_second_factor(db, db.get_one(Account, name), SECRET)
        at = NOW - timedelta(minutes=1)
        with self.work() as db:
            owner = db.get_one(Account, name).actor
            credentials.confirm_second_factor(db, owner, totp.code_at(SECRET, totp.step_at(at)), codes, 1, at)
        return name

    def with_code(self, token: str, code: str, new: str, now: datetime = NOW) -> str:
        with self.work() as db:
            found = sessions.find(db, token, now)
            assert found is not None
            return signing_in.with_code(db, found.session_id, code, HERE, Tokens(new, f"device of {new}"), now).kind

    def is_open(self, token: str, now: datetime = NOW) -> bool:
        with self.work() as db:
            found = sessions.find(db, token, now)
        return found is not None and found.stage == "open"

    def told(self) -> list[tuple[str, str, str, str]]:
        """(who, deed, subject, why) of every line of the audit log, which is whole."""
        with self.work() as db:
            assert chain.verify(db, self.keyring) is None
            lines = db.scalars(select(AuditEntry).order_by(AuditEntry.seq))
            return [(each.actor, each.deed, each.subject, json.loads(each.details).get("why", "")) for each in lines]
