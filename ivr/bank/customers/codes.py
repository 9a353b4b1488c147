"""One-time codes (OTP): bound to a call and to the operation they approve, short-lived, few tries, used once."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.bank.customers.models import OneTimeCode
from ivr.db.locks import Lock, advisory_lock
from ivr.foundation.config import CodeRules
from ivr.foundation.crypto import Keyring

_Sent = tuple[datetime, str, bytes]  # when, in which call, for what


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that may be sent, or why none is issued: too_soon (with the seconds to wait) or too_many.

    "wait" is "too_soon" when the call has no other valid code that the caller could key meanwhile.
    """

    outcome: Literal["sent", "too_soon", "wait", "too_many"]
    code: str = ""
    wait_seconds: int = 0
    expires_at: datetime | None = None


def binding(keyring: Keyring, call: str, purpose: str, *parts: object) -> bytes:
    """The digest of what a code approves: the call, the purpose, and values such as payee and amount."""
    return keyring.blind_index("code", "|".join([call, purpose, *(str(part) for part in parts)]))


def issue(
    db: Session, keyring: Keyring, rules: CodeRules, *, call: str, customer_id: str, bound: bytes, now: datetime
) -> Issued:
    """Issue a new code, which replaces the call's earlier ones; the calling function sends it."""
    advisory_lock(db, Lock.CODE, customer_id)
    found = db.execute(
        select(OneTimeCode.sent_at, OneTimeCode.call, OneTimeCode.binding)
        .where(OneTimeCode.customer_id == customer_id, OneTimeCode.sent_at > now - timedelta(days=1))
        .order_by(OneTimeCode.id.desc())
    )
    refusal = _refusal(rules, [(at, of, to) for at, of, to in found], call, bound, now)
    if refusal is not None:
        can_go_on = refusal.outcome == "too_many" or _is_live(db, call, bound, now)
        return refusal if can_go_on else replace(refusal, outcome="wait")
    live = OneTimeCode.state.in_(("sent", "proven"))
    db.execute(update(OneTimeCode).where(OneTimeCode.call == call, live).values(state="replaced"))
    code = "".join(secrets.choice("0123456789") for _ in range(rules.digits))
    expires = now + timedelta(seconds=rules.valid_seconds)
    db.add(
        OneTimeCode(
            call=call, customer_id=customer_id, binding=bound, digest=_digest(keyring, call, code), sent_at=now,
            expires_at=expires, checks=0, judged=0, state="sent",
        )
    )  # fmt: skip
    db.flush()
    return Issued("sent", code, expires_at=expires)


def _refusal(rules: CodeRules, earlier: Sequence[_Sent], call: str, bound: bytes, now: datetime) -> Issued | None:
    """The resend delay applies to codes with the same binding; the send limits count all codes."""
    an_hour_ago = now - timedelta(hours=1)
    sent = (sum(of == call for _, of, _ in earlier), sum(at > an_hour_ago for at, _, _ in earlier), len(earlier))
    if any(
        n >= most for n, most in zip(sent, (rules.sends_a_call, rules.sends_an_hour, rules.sends_a_day), strict=True)
    ):
        return Issued("too_many")
    again = next((at for at, of, to in earlier if (of, to) == (call, bound)), None)
    if again is not None and (since := (now - again).total_seconds()) < rules.resend_seconds:
        return Issued("too_soon", wait_seconds=max(1, round(rules.resend_seconds - since)))
    return None


def _is_live(db: Session, call: str, bound: bytes, now: datetime) -> bool:
    live = (OneTimeCode.call == call, OneTimeCode.state == "sent", OneTimeCode.expires_at > now)
    return db.scalar(select(OneTimeCode.id).where(*live, OneTimeCode.binding == bound).limit(1)) is not None


def _digest(keyring: Keyring, call: str, code: str) -> bytes:
    return keyring.pepper(f"code|{call}", code)


def check(
    db: Session, keyring: Keyring, rules: CodeRules, *, call: str, given: str, now: datetime
) -> Literal["right", "wrong", "expired", "spent"]:
    """Compare the keyed digits with the call's code; the last allowed wrong try spends the code."""
    row = db.scalar(
        select(OneTimeCode)
        .where(OneTimeCode.call == call, OneTimeCode.state == "sent")
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return "spent"
    if now >= row.expires_at:
        return "expired"
    row.checks += 1
    if hmac.compare_digest(row.digest, _digest(keyring, call, given)):
        row.state = "proven"
        return "right"
    if row.checks >= rules.checks:
        row.state = "spent"
        return "spent"
    return "wrong"


def judge(db: Session, *, call: str, bound: bytes, most: int) -> bool:
    """Count one more password checked under the call's proven code; False at the limit `most`, or without a code."""
    counted = db.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.call == call,
            OneTimeCode.state == "proven",
            OneTimeCode.binding == bound,
            OneTimeCode.judged < most,
        )
        .values(judged=OneTimeCode.judged + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(counted.rowcount)  # type: ignore[attr-defined]


def use(db: Session, *, call: str, bound: bytes) -> bool:
    """Spend the call's proven code on the operation it is bound to; False when it is bound to another one."""
    used = db.execute(
        update(OneTimeCode)
        .where(OneTimeCode.call == call, OneTimeCode.state == "proven", OneTimeCode.binding == bound)
        .values(state="used")
        .execution_options(synchronize_session="fetch")
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]
