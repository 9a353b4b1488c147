"""The audit log: who did what, to whom, and why."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.office import actor, now, office, work
from ivr.platform.audit import queries
from ivr.platform.audit.models import AuditEntry
from ivr.platform.audit.queries import LINES, Filter
from ivr.platform.audit.records import record

pages = Blueprint("audit", __name__, url_prefix="/audit")
REASONS = ("why", "reason")  # the details that hold a reason


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An audit entry as the page shows it."""

    number: int
    at: datetime
    who: str
    deed: str
    subject: str
    why: str
    details: Sequence[tuple[str, str]]


@pages.get("")
@needs(Permission.AUDIT_VIEW)
def index() -> str:
    """The newest matching entries. Viewing the log is audited too."""
    given = {name: request.args.get(name, "").strip() for name in ("who", "why", "since", "until", "before")}
    with work() as db:
        found = [_row(entry) for entry in queries.lines(db, _filter(given))]
        asked = ", ".join(f"{name}={value}" for name, value in given.items() if value)
        record(db, actor(), "audit_viewed", "audit", now(), asked=asked)
    is_more = len(found) == LINES
    return render_template("audit/index.html", lines=found, given=given, is_more=is_more)


def _filter(given: Mapping[str, str]) -> Filter:
    until = _midnight(given["until"])
    return Filter(
        who=given["who"],
        why=given["why"],
        since=_midnight(given["since"]),
        until=until + timedelta(days=1) if until else None,
        before=int(given["before"]) if given["before"].isascii() and given["before"].isdigit() else None,
    )


def _midnight(text: str) -> datetime | None:
    """Midnight of a date in the bank's zone; None for an invalid date."""
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text), time.min, office().zone)
    return None


def _row(entry: AuditEntry) -> AuditRow:
    details: dict[str, Any] = json.loads(entry.details)
    why = next((str(details.pop(name)) for name in REASONS if name in details), "")
    at = entry.at.astimezone(office().zone)
    told = [(name, _told(value)) for name, value in details.items() if value not in ("", None, [])]
    return AuditRow(entry.seq, at, entry.actor, entry.deed, entry.subject, why, told)


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
