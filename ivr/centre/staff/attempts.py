"""Tries to sign in, counted by user name and by where they come from; the limits are those of throttle.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ivr.centre.staff import devices, throttle
from ivr.centre.staff.models import SignInAttempt
from ivr.db.locks import Lock, advisory_lock
from ivr.foundation.errors import Refused
from ivr.platform.keyring import keyring_of

HOST_BITS = 64  # of an IPv6 address: whoever has one has them all


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: an address, and the token of a browser that we may have given it ("" for none)."""

    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A try that was written down as wrong, and the wrong tries that are left after it."""

    id: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class _Keys:
    """The digests that a try is counted under."""

    subject: bytes
    origin: bytes
    is_known_device: bool


def count(db: Session, user_name: str, origin: Origin, now: datetime) -> Counted:
    """Write a try down, as wrong until `settle`. Raises `Refused`: throttled, with the minutes to wait.

    Nobody else counts this name or this origin until the commit, so tries at once do not pass a limit together.
    """
    keys = _keys(db, user_name, origin)
    for key in sorted({keys.subject, keys.origin}):
        advisory_lock(db, Lock.SIGN_IN, key)
    left = _tries_left(db, keys, now)
    made = {"subject": keys.subject, "origin": keys.origin, "is_known_device": keys.is_known_device}
    attempt = SignInAttempt(**made, at=now, outcome="wrong")
    db.add(attempt)
    db.flush()
    return Counted(attempt.id, left)


def settle(db: Session, attempt_id: int, outcome: str) -> None:
    """A try proved right: in, or password where a code is still asked for."""
    db.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(outcome=outcome))


def place(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> HOST_BITS << HOST_BITS))
    return str(found)


def _keys(db: Session, user_name: str, origin: Origin) -> _Keys:
    keyring, name = keyring_of(db), user_name.casefold()
    subject = keyring.blind_index("staff_sign_in", name)
    if devices.is_known(db, origin.device, name):
        return _Keys(subject, keyring.blind_index("staff_device", origin.device), is_known_device=True)
    return _Keys(subject, keyring.blind_index("staff_address", place(origin.address)), is_known_device=False)


def _tries_left(db: Session, keys: _Keys, now: datetime) -> int:
    """Wrong tries that are left after this one by the strictest limit. Raises `Refused`."""
    of_it = or_(SignInAttempt.subject == keys.subject, SignInAttempt.origin == keys.origin)
    newest = select(SignInAttempt).where(of_it, SignInAttempt.at > now - throttle.LOOK_BACK)
    rows = db.scalars(newest.order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())).all()
    limits = [(_since_the_last_success(rows, keys), throttle.FROM_ONE_PLACE)]
    if not keys.is_known_device:
        wrong = [row for row in rows if row.outcome == "wrong" and not row.is_known_device]
        limits.append(([row.at for row in wrong if row.subject == keys.subject], throttle.FOR_A_NAME))
        limits.append(([row.at for row in wrong if row.origin == keys.origin], throttle.FROM_AN_ADDRESS))
    ends = [throttle.locked_until(failures, most, now) for failures, most in limits]
    until = max((end for end in ends if end is not None), default=None)
    if until is not None:
        minutes = -int((now - until).total_seconds() // 60)
        raise Refused("throttled", minutes=minutes)
    return max(0, min(throttle.tries_left(failures, most, now) for failures, most in limits) - 1)


def _since_the_last_success(rows: Iterable[SignInAttempt], keys: _Keys) -> list[datetime]:
    """When this name was tried wrongly from this origin; a sign-in that succeeded there begins the count anew."""
    failures: list[datetime] = []
    for row in rows:
        if (row.subject, row.origin) != (keys.subject, keys.origin):
            continue
        if row.outcome == "in":
            break
        if row.outcome == "wrong":
            failures.append(row.at)
    return failures
