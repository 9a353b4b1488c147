"""Reading the audit log for a page: newest first, by who did it and by what the line says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ivr.platform.audit.models import AuditEntry

LINES = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; empty parts fit everything. `why` is searched in deed, subject and details."""

    who: str = ""
    why: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def lines(db: Session, wanted: Filter, at_most: int = LINES) -> list[AuditEntry]:
    """The newest lines that fit, at most so many; `before` is the number of the last line of the page before."""
    newest = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.seq.desc()).limit(at_most)
    return list(db.scalars(newest))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.who:
        made.append(AuditEntry.actor.icontains(wanted.who, autoescape=True))
    if wanted.why:
        columns = (AuditEntry.deed, AuditEntry.subject, AuditEntry.details)
        made.append(or_(*(column.icontains(wanted.why, autoescape=True) for column in columns)))
    if wanted.since is not None:
        made.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        made.append(AuditEntry.at < wanted.until)
    if wanted.before is not None:
        made.append(AuditEntry.seq < wanted.before)
    return made
