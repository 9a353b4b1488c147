"""Queries of accounts, each restricted by the actor's permission."""

from collections.abc import Sequence

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from ivr.centre.staff.models import Account, Certificate, RoleHeld
from ivr.centre.staff.permissions import Permission, visible
from ivr.platform.actor import Actor

_ORDER = case(
    {"inactive": 0, "locked": 1, "active": 2, "closed": 3}, value=Account.state
)  # accounts that need attention first


def account(db: Session, actor: Actor, permission: Permission, account_id: str) -> Account | None:
    """The account, if the actor has this permission for it; None for a missing and for a forbidden one alike."""
    return db.scalar(select(Account).where(Account.id == account_id, visible(actor, permission, Account)))


def accounts(
    db: Session, actor: Actor, permission: Permission, text: str = "", role: str = "", state: str = ""
) -> Sequence[Account]:
    """The accounts that the actor has this permission for, those that need attention first."""
    wanted = select(Account).where(visible(actor, permission, Account))
    if text:
        columns = (Account.id, Account.name, Account.unit)
        wanted = wanted.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if role:
        wanted = wanted.where(select(RoleHeld).where(RoleHeld.account_id == Account.id, RoleHeld.role == role).exists())
    if state:
        wanted = wanted.where(Account.state == state)
    return db.scalars(wanted.order_by(_ORDER, Account.id)).all()


def certificates_of(db: Session, account_id: str) -> Sequence[Certificate]:
    """The recorded certificates, the newest first."""
    filed = select(Certificate).where(Certificate.account_id == account_id)
    return db.scalars(filed.order_by(Certificate.issued_on.desc(), Certificate.id.desc())).all()
