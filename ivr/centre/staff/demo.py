"""The demonstration staff, one for each role; their passwords are shown on the sign-in page."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.staff.accounts import Person
from ivr.centre.staff.credentials import owner
from ivr.centre.staff.models import Account, Certificate, RoleHeld
from ivr.centre.staff.roles import Role

LOG = structlog.get_logger("ivr.staff")
LOADED_BY = "system:demonstration"
_CERTIFIED = ("2A", date(2024, 6, 20))


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the sign-in page; `sees` says what this person may open, as a key of the page's catalogue."""

    person: Person
    sees: str


def _shown(user_name: str, name: str, role: Role, sees: str, unit: str = "") -> Shown:
    certificate = _CERTIFIED if role is Role.AGENT else None
    return Shown(Person(user_name, name, frozenset({role}), unit, certificate), sees)


DEMO_STAFF = (
    _shown("agent1", "陈静", Role.AGENT, "工作台；普通话"),
    _shown("agent2", "何俊", Role.AGENT, "工作台；普通话、英语"),
    _shown("leader1", "马丽", Role.LEADER, "现场监控、大屏"),
    _shown("head1", "顾明远", Role.HEAD, "审批、评定"),
    _shown("qa1", "郑丽", Role.QA, "抽样录音与评分"),
    _shown("stats1", "蔡文", Role.STATS, "周报"),
    _shown("party1", "冯涛", Role.PARTY, "投诉"),
    _shown("branch1", "周敏", Role.UNIT, "本单位的投诉", "城东支行"),
    _shown("dept1", "任雪", Role.DEPT, "外呼项目、变更通知", "个人金融部"),
    _shown("tech1", "梁博", Role.TECH, "流程、账号、运行状况"),
    _shown("hr1", "潘璐", Role.HR, "座席名册、培训"),
    _shown("audit1", "田野", Role.AUDIT, "审计日志"),
)


def password_of(user_name: str) -> str:
    """The published password."""
    return f"demo-{user_name}-2026"


def is_published(user_name: str, password: str) -> bool:
    """Whether this is a demonstration password: it lets nobody in where the embedded exchange does not run."""
    shown = {each.person.user_name for each in DEMO_STAFF}
    return user_name in shown and hmac.compare_digest(password.encode(), password_of(user_name).encode())


def load_demo_staff(db: Session, hash_of: Callable[[str, str], str], now: datetime) -> bool:
    """Store the twelve active accounts once; False, with nothing written, when there are other staff.

    `hash_of(owner, password)`. The passwords deliberately break the rules of ivr/centre/staff/passwords.py: README.md
    prints them.
    """
    present = set(db.scalars(select(Account.id)))
    if present - {shown.person.user_name for shown in DEMO_STAFF}:
        return False
    for shown in DEMO_STAFF:
        if shown.person.user_name not in present:
            _keep(db, shown.person, hash_of(owner(shown.person.user_name), password_of(shown.person.user_name)), now)
    return True


def _keep(db: Session, person: Person, password_hash: str, now: datetime) -> None:
    """Store an active account. Not audited, since no actor did it."""
    account = Account(id=person.user_name, name=person.name, unit=person.unit, state="active", created_at=now)
    account.password_hash = password_hash
    account.held = [RoleHeld(role=role) for role in person.roles]
    db.add(account)
    db.flush()
    if person.certificate is not None:
        level, issued_on = person.certificate
        filed = {"level": level, "issued_on": issued_on, "recorded_by": LOADED_BY, "recorded_at": now}
        db.add(Certificate(account_id=account.id, **filed))


def warn(db: Session) -> None:
    """Say in the log that demonstration accounts are in a database that is none: their passwords open nothing there."""
    names = [shown.person.user_name for shown in DEMO_STAFF]
    if db.scalar(select(Account.id).where(Account.id.in_(names), Account.state == "active").limit(1)) is not None:
        LOG.warning("demonstration accounts are active", remedy="close them on /console/staff")
