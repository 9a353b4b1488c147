"""Queries of the audit log for a page: the newest first, filtered by actor and text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ivr.platform.audit.models import AuditEntry

LINES = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter; empty fields match everything. `why` is searched in deed, subject and details."""

    who: str = ""
    why: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def lines(db: Session, wanted: Filter, at_most: int = LINES) -> list[AuditEntry]:
    """The newest matching entries, at most `at_most`; `before` is the number of the last entry of the previous page."""
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
