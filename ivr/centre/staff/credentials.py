"""Passwords and second factors: set by their owner, reset by an administrator.

Hashes are computed before the transaction, since they take longer than callers may wait for the database.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ivr.centre.staff import devices, sessions, totp
from ivr.centre.staff.models import Account, RecoveryCode
from ivr.centre.staff.topics import STAFF
from ivr.foundation.errors import IllegalTransition, Refused
from ivr.platform import live
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record
from ivr.platform.keyring import keyring_of

TEMPORARY = timedelta(hours=72)


def owner(account_id: str) -> str:
    """The owner string that a password hash is bound to; it differs from every customer's."""
    return f"staff:{account_id}"


def reset(db: Session, actor: Actor, account: Account, password_hash: str, why: str, now: datetime) -> None:
    """Give a temporary password, to be changed at the first sign-in; second factor, browsers and sessions end.

    Raises `IllegalTransition` for a closed account.
    """
    if account.state == "closed":
        raise IllegalTransition("the account is closed")
    account.password_hash = password_hash
    account.password_is_temporary = True
    account.password_expires_at = now + TEMPORARY
    _forget_second_factor(db, account)
    devices.forget_all(db, account.id)
    sessions.end_all(db, account.id, "reset", now)
    live.changed(db, STAFF)
    record(db, actor, "staff_reset", account.id, now, why=why)


def change_password(
    db: Session, actor: Actor, account: Account, password_hash: str, session_id: int, now: datetime
) -> None:
    """Set the owner's new password; all other sessions of the account end."""
    account.password_hash = password_hash
    account.password_is_temporary = False
    account.password_expires_at = None
    sessions.end_all(db, account.id, "password", now, but=session_id)
    record(db, actor, "staff_password_changed", account.id, now)


def begin_second_factor(db: Session, account: Account, secret: bytes) -> None:
    """Store an authenticator secret; it takes effect after `confirm_second_factor`. Raises `Refused`: factor_there."""
    if account.has_second_factor:
        raise Refused("factor_there")
    account.totp_secret = keyring_of(db).seal(_place(account.id), secret)
    account.totp_step = None


def secret_of(db: Session, account: Account) -> bytes | None:
    """The decrypted authenticator secret, for the owner's set-up page."""
    return None if account.totp_secret is None else keyring_of(db).open(_place(account.id), account.totp_secret)


def confirm_second_factor(
    db: Session, actor: Actor, code: str, codes: Sequence[str], session_id: int, now: datetime
) -> None:
    """Enable the second factor; `codes` are single-use recovery codes. Raises `Refused`: factor_there, code_wrong."""
    account = _locked(db, actor.id)
    if account.has_second_factor:
        raise Refused("factor_there")
    secret = secret_of(db, account)
    step = None if secret is None else totp.accepted_step(secret, code, account.totp_step, now)
    if step is None:
        raise Refused("code_wrong", "code")
    account.totp_since, account.totp_step = now, step
    _keep_codes(db, account.id, codes)
    sessions.end_all(db, account.id, "factor", now, but=session_id)
    live.changed(db, STAFF)
    record(db, actor, "second_factor_set_up", account.id, now)


def renew_codes(db: Session, actor: Actor, code: str, codes: Sequence[str], now: datetime) -> None:
    """Replace the recovery codes. Raises `Refused`: code_wrong."""
    if take_code(db, actor.id, code, now) is None:
        raise Refused("code_wrong", "code")
    _keep_codes(db, actor.id, codes)
    record(db, actor, "recovery_codes_renewed", actor.id, now)


def take_code(db: Session, account_id: str, code: str, now: datetime) -> Literal["totp", "recovery"] | None:
    """Accept a TOTP or recovery code, each only once; None when it is wrong or used."""
    account = _locked(db, account_id)
    secret = secret_of(db, account)
    if secret is None or not account.has_second_factor:
        return None
    step = totp.accepted_step(secret, code, account.totp_step, now)
    if step is not None:
        account.totp_step = step
        db.flush()
        return "totp"
    unused = (RecoveryCode.digest == _digest(db, account_id, code), RecoveryCode.used_at.is_(None))
    used = db.execute(update(RecoveryCode).where(*unused).values(used_at=now))
    return "recovery" if used.rowcount == 1 else None  # type: ignore[attr-defined]


def codes_left(db: Session, account_id: str) -> int:
    """The number of unused recovery codes."""
    unused = select(RecoveryCode.digest).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return len(db.scalars(unused).all())


def _locked(db: Session, account_id: str) -> Account:
    """Lock the row until the commit, so that of two concurrent uses of one code the second fails."""
    row = select(Account).where(Account.id == account_id).with_for_update().execution_options(populate_existing=True)
    return db.scalars(row).one()


def _forget_second_factor(db: Session, account: Account) -> None:
    account.totp_secret = account.totp_since = account.totp_step = None
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _keep_codes(db: Session, account_id: str, codes: Sequence[str]) -> None:
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    db.add_all(RecoveryCode(digest=_digest(db, account_id, code), account_id=account_id) for code in codes)
    db.flush()


def _digest(db: Session, account_id: str, code: str) -> bytes:
    return keyring_of(db).blind_index("staff_recovery", json.dumps([account_id, code.strip().lower()]))


def _place(account_id: str) -> str:
    return f"staff_accounts.totp_secret|{account_id}"
