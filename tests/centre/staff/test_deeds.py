"""What is done to accounts and sessions, on both databases, and what the audit log says of it."""

import json
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ivr.centre.staff import accounts, credentials, queries, sessions, signing_in, totp
from ivr.centre.staff.accounts import Person
from ivr.centre.staff.models import Account
from ivr.centre.staff.permissions import Permission
from ivr.centre.staff.roles import Role
from ivr.centre.staff.tasks import RETENTION
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import IllegalTransition, LostRace, Refused
from ivr.platform.actor import Actor
from ivr.platform.audit import chain
from ivr.platform.audit.models import AuditEntry
from tests.support.console import rows_of
from tests.support.hotline import START

TECH = Actor("staff", "tech1", frozenset({Role.TECH}))
SECRET = b"12345678901234567890"
NOW = START
AGENT = Person("zhao.min", "赵敏", frozenset({Role.AGENT}), "", ("2B", date(2025, 6, 30)))


@dataclass
class StaffHarness:
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

    def sign_in(self, user_name: str, token: str, now: datetime = NOW, *, is_right: bool = True) -> str:
        with self.work() as db:
            attempt = signing_in.begin(db, user_name, now)
        with self.work() as db:
            return signing_in.with_password(db, attempt, is_right, token, now).kind

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
            return signing_in.with_code(db, found.session_id, code, new, now).kind

    def is_open(self, token: str, now: datetime = NOW) -> bool:
        with self.work() as db:
            found = sessions.find(db, token, now)
        return found is not None and found.stage == "open"

    def told(self) -> list[tuple[str, str, str, str]]:
        """(actor, operation, subject, reason) of every audit entry; the log is intact."""
        with self.work() as db:
            assert chain.verify(db, self.keyring) is None
            lines = db.scalars(select(AuditEntry).order_by(AuditEntry.seq))
            return [(each.actor, each.deed, each.subject, json.loads(each.details).get("why", "")) for each in lines]


@pytest.fixture
def harness(database: Database, keyring: Keyring) -> StaffHarness:
    return StaffHarness(database, keyring)


def test_r7_an_agent_without_a_valid_certificate_is_not_activated(harness: StaffHarness) -> None:
    person = Person("sun.yu", "孙瑜", frozenset({Role.AGENT}), "", ("3A", date(2025, 1, 1)))
    with harness.work() as db:
        accounts.add(db, TECH, person, "new", NOW)
    with pytest.raises(Refused, match="certificate_missing"), harness.work() as db:
        accounts.activate(db, TECH, db.get_one(Account, "sun.yu"), "new", NOW)
    with harness.work() as db:
        account = db.get_one(Account, "sun.yu")
        assert account.state == "inactive"
        accounts.certify(db, TECH, account, "2B", NOW.date(), NOW)
        accounts.activate(db, TECH, account, "certified", NOW)
    assert harness.told()[-1] == ("staff:tech1", "staff_activated", "sun.yu", "certified")


def test_r7_nobody_becomes_an_agent_by_another_role_without_a_certificate(harness: StaffHarness) -> None:
    name = harness.active(Person("qa9", "郑", frozenset({Role.QA})))
    with pytest.raises(Refused, match="certificate_missing"), harness.work() as db:
        accounts.change_roles(db, TECH, db.get_one(Account, name), {Role.QA, Role.AGENT}, "helps out", NOW)


def test_a_session_is_over_at_sign_out_a_lock_other_roles_a_reset_and_a_close(harness: StaffHarness) -> None:
    name = harness.active()
    for count, how in enumerate(("sign_out", "lock", "roles", "reset", "close")):
        token = f"token-{count}"
        assert harness.sign_in(name, token) == "in"
        assert harness.is_open(token)
        with harness.work() as db:
            account = db.get_one(Account, name)
            if how == "sign_out":
                found = sessions.find(db, token, NOW)
                assert found is not None
                signing_in.sign_out(db, found.actor, found.session_id, NOW)
            elif how == "lock":
                accounts.lock(db, TECH, account, "left a desk open", NOW)
                accounts.unlock(db, TECH, account, "talked", NOW)
            elif how == "roles":
                accounts.change_roles(db, TECH, account, {Role.AGENT, Role.LEADER}, "leads now", NOW)
            elif how == "reset":
                credentials.reset(db, TECH, account, "hash", "forgotten", NOW)
            else:
                accounts.close(db, TECH, account, "left", NOW)
        assert not harness.is_open(token), how
    assert [deed for _, deed, _, _ in harness.told() if deed.startswith("staff_")][2:] == [
        "staff_locked", "staff_unlocked", "staff_roles_changed", "staff_reset", "staff_closed",
    ]  # fmt: skip


def test_a_session_ends_idle_and_after_eight_hours_whoever_is_seen_goes_on(harness: StaffHarness) -> None:
    name = harness.active()
    harness.sign_in(name, "token")
    now = NOW
    while now < NOW + timedelta(hours=7, minutes=50):
        now += timedelta(minutes=14)
        assert harness.is_open("token", now), now
        with harness.work() as db:
            found = sessions.find(db, "token", now)
            assert found is not None
            sessions.note_seen(db, found.session_id, now)
    assert not harness.is_open("token", now + timedelta(minutes=15))
    assert not harness.is_open("token", NOW + timedelta(hours=8))


def test_the_table_of_sessions_holds_no_token(harness: StaffHarness) -> None:
    harness.sign_in(harness.active(), "the token itself")
    with harness.database.begin() as connection:
        rows = connection.exec_driver_sql("select * from staff_sessions").all()
    assert len(rows) == 1
    assert "the token itself" not in repr(rows)
    assert b"the token itself" not in b"".join(bytes(cell) for cell in rows[0] if isinstance(cell, bytes | memoryview))


def test_wrong_passwords_are_throttled_for_names_that_nobody_has_too(harness: StaffHarness) -> None:
    harness.active()
    for name in ("zhao.min", "nobody.at.all"):
        assert [harness.sign_in(name, "t", is_right=False) for _ in range(5)] == ["wrong"] * 5
        with pytest.raises(Refused, match="throttled"):
            harness.sign_in(name, "t")
    later = NOW + timedelta(minutes=15)
    assert harness.sign_in("zhao.min", "later", later) == "in"
    assert harness.sign_in("zhao.min", "again", later, is_right=False) == "wrong", "and the count begins anew"


def test_tries_at_once_do_not_pass_the_throttle(harness: StaffHarness) -> None:
    name = harness.active()
    begun: list[str] = []

    def guess() -> None:
        try:
            with harness.work() as db:
                signing_in.begin(db, name, NOW)
            begun.append("begun")
        except Refused as refused:
            begun.append(refused.rule)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == ["begun"] * 5 + ["throttled"] * 7


def test_a_code_is_taken_once_whichever_of_two_brings_it(harness: StaffHarness) -> None:
    name = harness.with_factor()
    assert harness.sign_in(name, "first") == harness.sign_in(name, "second") == "code"
    assert not harness.is_open("first"), "a password alone opens nothing"
    code, found = totp.code_at(SECRET, totp.step_at(NOW)), list[str]()
    threads = [
        threading.Thread(target=lambda token=token: found.append(harness.with_code(token, code, f"{token} in")))
        for token in ("first", "second")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["in", "wrong"]
    assert harness.is_open("first in") != harness.is_open("second in")


def test_a_code_for_recovery_opens_once(harness: StaffHarness) -> None:
    name = harness.with_factor()
    harness.sign_in(name, "first")
    assert harness.with_code("first", " AAAAA-bbbbb", "first in") == "in"
    harness.sign_in(name, "second")
    assert harness.with_code("second", "aaaaa-bbbbb", "second in") == "wrong"
    with harness.work() as db:
        assert credentials.codes_left(db, name) == 0


def test_wrong_codes_are_throttled_and_a_right_password_between_does_not_begin_the_count_anew(
    harness: StaffHarness,
) -> None:
    name = harness.with_factor()
    for count in range(5):
        assert harness.sign_in(name, f"token-{count}") == "code"
        assert harness.with_code(f"token-{count}", "000000", "in") == "wrong"
    with pytest.raises(Refused, match="throttled"):
        harness.sign_in(name, "token-6")


def test_a_temporary_password_lasts_three_days(harness: StaffHarness) -> None:
    name = harness.active()
    with harness.work() as db:
        credentials.reset(db, TECH, db.get_one(Account, name), "hash", "forgotten", NOW)
    assert harness.sign_in(name, "t1", NOW + timedelta(hours=71)) == "in"
    assert harness.sign_in(name, "t2", NOW + timedelta(hours=72)) == "expired"


def test_who_is_not_active_is_told_only_with_the_right_password(harness: StaffHarness) -> None:
    name = harness.active()
    with harness.work() as db:
        accounts.lock(db, TECH, db.get_one(Account, name), "gone for a month", NOW)
    assert harness.sign_in(name, "t", is_right=False) == "wrong"
    assert harness.sign_in(name, "t") == "shut"


def test_an_account_moves_only_as_its_table_says_and_one_of_two_wins(harness: StaffHarness) -> None:
    name = harness.active()
    with pytest.raises(IllegalTransition), harness.work() as db:
        accounts.unlock(db, TECH, db.get_one(Account, name), "why", NOW)
    with harness.work() as db:
        account = db.get_one(Account, name)
        db.execute(text("update staff_accounts set state = 'locked', version = version + 1"))  # somebody was quicker
        with pytest.raises(LostRace):
            accounts.close(db, TECH, account, "second", NOW)


def test_lists_and_looks_apply_the_same_predicate(harness: StaffHarness) -> None:
    harness.active()
    harness.active(Person("qa9", "郑", frozenset({Role.QA})))
    hr = Actor("staff", "hr1", frozenset({Role.HR}))
    nobody = Actor("staff", "qa9", frozenset({Role.QA}))
    with harness.work() as db:
        for actor, seen in ((TECH, ["qa9", "zhao.min"]), (hr, ["zhao.min"]), (nobody, [])):
            listed = queries.accounts(db, actor, Permission.STAFF_VIEW)
            assert sorted(each.id for each in listed) == seen
            looked = [queries.account(db, actor, Permission.STAFF_VIEW, name) for name in ("qa9", "zhao.min")]
            assert [each.id for each in looked if each] == seen
        assert [each.id for each in queries.accounts(db, TECH, Permission.STAFF_VIEW, text="赵")] == ["zhao.min"]
        assert [each.id for each in queries.accounts(db, TECH, Permission.STAFF_VIEW, role="qa")] == ["qa9"]


def test_sessions_and_tries_are_forgotten_after_ninety_days_accounts_never(harness: StaffHarness) -> None:
    name = harness.active()
    harness.sign_in(name, "old")
    later = NOW + timedelta(days=90, seconds=1)
    harness.sign_in(name, "new", later)
    assert [rule(harness.database, later) for rule in RETENTION] == [1, 1]
    assert harness.is_open("new", later)
    with harness.work() as db:
        assert db.get(Account, name) is not None
