"""The life cycle of an account: add, activate, lock, unlock, close; roles and certificates.

`now` is in the bank's zone. State changes raise `IllegalTransition` and `LostRace` as `db.states.move` does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.centre.staff import certificates, devices, sessions
from ivr.centre.staff.models import Account, Certificate, RoleHeld
from ivr.centre.staff.roles import Role, may_be_held_together
from ivr.centre.staff.states import ACCOUNT
from ivr.centre.staff.topics import STAFF
from ivr.db.states import move
from ivr.foundation.errors import Refused
from ivr.platform import live
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record


@dataclass(frozen=True, slots=True)
class Person:
    """The data of a new account. `unit` is the branch or department, as named in cases and projects."""

    user_name: str
    name: str
    roles: frozenset[Role]
    unit: str = ""
    certificate: tuple[str, date] | None = None


def add(db: Session, actor: Actor, person: Person, why: str, now: datetime) -> Account:
    """Create an inactive account without a password. Raises `Refused`: user_name_taken, roles_apart."""
    if not may_be_held_together(person.roles):
        raise Refused("roles_apart", "roles")
    if db.get(Account, person.user_name) is not None:
        raise Refused("user_name_taken", "user_name")
    account = Account(id=person.user_name, name=person.name, unit=person.unit, state="inactive", created_at=now)
    account.held = [RoleHeld(role=role) for role in sorted(person.roles)]
    db.add(account)
    try:
        db.flush()
    except IntegrityError:  # another one took the name since, and has committed
        raise Refused("user_name_taken", "user_name") from None
    if person.certificate is not None:
        _file(db, actor, account, *person.certificate, now)
    live.changed(db, STAFF)
    record(db, actor, "staff_added", account.id, now, why=why, roles=sorted(person.roles), unit=person.unit)
    return account


def certify(db: Session, actor: Actor, account: Account, level: str, issued_on: date, now: datetime) -> None:
    """Record a Putonghua certificate. Raises `Refused` (certificate_date) for a future date."""
    if issued_on > now.date():
        raise Refused("certificate_date", "issued_on")
    _file(db, actor, account, level, issued_on, now)
    record(db, actor, "staff_certified", account.id, now, level=level, issued_on=issued_on)


def _file(db: Session, actor: Actor, account: Account, level: str, issued_on: date, now: datetime) -> None:
    whose, by = account.id, str(actor)
    db.add(Certificate(account_id=whose, level=level, issued_on=issued_on, recorded_by=by, recorded_at=now))
    db.flush()


def activate(db: Session, actor: Actor, account: Account, why: str, now: datetime) -> None:
    """Allow sign-in. Raises `Refused` for an agent without a sufficient certificate (R7)."""
    if account.is_agent:
        on_file = db.scalars(select(Certificate).where(Certificate.account_id == account.id))
        certificates.check(on_file, now.date())
    move(db, account, ACCOUNT, "activate")
    live.changed(db, STAFF)
    record(db, actor, "staff_activated", account.id, now, why=why)


def lock(db: Session, actor: Actor, account: Account, why: str, now: datetime) -> None:
    """Prevent sign-in until `unlock`; all sessions end now."""
    move(db, account, ACCOUNT, "lock")
    sessions.end_all(db, account.id, "lock", now)
    live.changed(db, STAFF)
    record(db, actor, "staff_locked", account.id, now, why=why)


def unlock(db: Session, actor: Actor, account: Account, why: str, now: datetime) -> None:
    """Allow sign-in again."""
    move(db, account, ACCOUNT, "unlock")
    live.changed(db, STAFF)
    record(db, actor, "staff_unlocked", account.id, now, why=why)


def close(db: Session, actor: Actor, account: Account, why: str, now: datetime) -> None:
    """Close the account of somebody who left. The row stays, since the audit log names it; credentials are deleted."""
    move(db, account, ACCOUNT, "close", password_hash=None, totp_secret=None, totp_since=None)
    devices.forget_all(db, account.id)
    sessions.end_all(db, account.id, "close", now)
    live.changed(db, STAFF)
    record(db, actor, "staff_closed", account.id, now, why=why)


def change_roles(db: Session, actor: Actor, account: Account, roles: Collection[Role], why: str, now: datetime) -> None:
    """Change the roles; all sessions end, so that no open page outlives a permission.

    Raises `Refused`: roles_apart, or certificate_missing when an active account would become an agent's (R7).
    """
    if not may_be_held_together(roles):
        raise Refused("roles_apart", "roles")
    if Role.AGENT in roles and not account.is_agent and account.state in ("active", "locked"):
        on_file = db.scalars(select(Certificate).where(Certificate.account_id == account.id))
        certificates.check(on_file, now.date())
    before = sorted(account.roles)
    kept = [held for held in account.held if held.role in roles]
    account.held = [*kept, *(RoleHeld(role=role) for role in sorted(roles) if role not in before)]
    db.flush()
    sessions.end_all(db, account.id, "roles", now)
    live.changed(db, STAFF)
    record(db, actor, "staff_roles_changed", account.id, now, why=why, before=before, after=sorted(roles))
