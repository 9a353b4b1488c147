"""The filter of the journal, as it stands in the address of its pages: the same for the list and its export."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from flask import request
from sqlalchemy.orm import Session

from ivr.bank.customers import directory, identity
from ivr.centre.staff.permissions import Permission, unlimited
from ivr.console.office import actor, office
from ivr.foundation import phone
from ivr.reports.contacts import OUTCOMES
from ivr.reports.filters import Filter
from ivr.reports.journal import Key, as_key
from ivr.reports.metrics import METRICS

FIELDS = (
    "number", "customer", "agent", "answered_by", "category", "queue", "outcome", "metric", "since", "until",
)  # fmt: skip
NOBODY = b""  # the index of a number that is none: nobody called from it


def given() -> dict[str, str]:
    """What the address asks for; of a metric or an outcome that there is not, nothing."""
    found = {name: request.args.get(name, "").strip() for name in FIELDS}
    found["metric"] = found["metric"] if found["metric"] in METRICS else ""
    found["outcome"] = found["outcome"] if found["outcome"] in OUTCOMES else ""
    return found


def asked(fields: Mapping[str, str]) -> dict[str, str]:
    """Only what is asked for, to be put into the address of another page."""
    return {name: value for name, value in fields.items() if value}


def filter_of(db: Session, fields: Mapping[str, str]) -> Filter:
    """The filter; an agent sees the calls of their own whatever they ask for."""
    until = midnight(fields["until"])
    return Filter(
        since=midnight(fields["since"]),
        until=until + timedelta(days=1) if until else None,
        number=_index(fields["number"]),
        customer=_customer(db, fields["customer"]),
        agent=fields["agent"],
        answered_by=fields["answered_by"],
        category=fields["category"],
        queue=fields["queue"],
        outcome=fields["outcome"],
        metric=fields["metric"],
        own="" if unlimited(actor(), Permission.CALLS_VIEW) else actor().id,
    )


def after() -> Key | None:
    """Where the page before ended."""
    parts = request.args.get("after", "").split(",")
    return as_key(*parts) if len(parts) == 3 else None


def as_after(key: Key) -> str:
    """The same, for the address of the next page."""
    return f"{key.started_at.isoformat()},{key.call},{key.stay}"


def midnight(text: str) -> datetime | None:
    """The beginning of a day of the bank; None for what is no day."""
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text), time.min, office().zone)
    return None


def _index(text: str) -> bytes | None:
    if not text:
        return None
    e164 = phone.normal(text.replace(" ", ""))
    return NOBODY if e164 is None else office().keyring.blind_index("mobile", e164)


def _customer(db: Session, text: str) -> str:
    """A customer by their id, their registered mobile or their identity card."""
    keyring = office().keyring
    if (mobile := phone.mobile(text)) is not None:
        return directory.by_mobile(db, keyring, mobile) or text
    if (card := identity.normal(text)) is not None:
        return directory.by_identity(db, keyring, card) or text
    return text
