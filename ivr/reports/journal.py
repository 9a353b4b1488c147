"""The journal of calls: contacts that fit a filter, the newest call first, in pages that a key continues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Session

from ivr.calls.models import Call
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import QueuedCall
from ivr.reports.contacts import contacts, held, outcome, talked, waited, wrapped
from ivr.reports.filters import Filter, conditions

PAGE = 200


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ends: the next one goes on behind this contact."""

    started_at: datetime
    call: str
    stay: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A line of the journal. `caller` is the sealed number, None once it was erased."""

    call: str
    stay: int
    started_at: datetime
    ended_at: datetime | None
    caller: bytes | None
    customer: str | None
    queue: str
    outcome: str
    waited_seconds: float | None
    agent: str
    talk_seconds: float
    hold_seconds: float
    wrap_up_seconds: float
    category: str
    product: str
    disposition: str
    recording: str

    @property
    def key(self) -> Key:
        """What the page that begins behind this line is asked for with."""
        return Key(self.started_at, self.call, self.stay)


_stay = func.coalesce(QueuedCall.id, 0)
_talk = func.coalesce(Interaction.id, 0)
_COLUMNS = (
    Call.call, _stay, Call.started_at, Call.ended_at, Call.caller,
    func.coalesce(Interaction.customer_id, QueuedCall.customer_id), func.coalesce(QueuedCall.queue, ""), outcome,
    waited, func.coalesce(Interaction.agent_id, ""), talked, held, wrapped, func.coalesce(WrapUp.category, ""),
    func.coalesce(WrapUp.product, ""), func.coalesce(WrapUp.disposition, ""),
    func.coalesce(Interaction.recording_id, ""),
)  # fmt: skip
_ORDER = (Call.started_at.desc(), Call.call.desc(), _stay.desc(), _talk.desc())


def search(db: Session, wanted: Filter, after: Key | None = None, at_most: int = PAGE) -> list[Contact]:
    """The contacts of a filter behind a key, at most so many. KeyError for an unknown metric."""
    found = contacts(*_COLUMNS).where(*conditions(wanted), *_behind(after)).order_by(*_ORDER).limit(at_most)
    return [Contact(*row) for row in db.execute(found)]


def count(db: Session, wanted: Filter) -> int:
    """How many contacts fit."""
    return int(db.scalar(contacts(func.count()).where(*conditions(wanted))) or 0)


def _behind(key: Key | None) -> Iterator[ColumnElement[bool]]:
    if key is not None:
        same = Call.started_at == key.started_at
        same_call = and_(same, Call.call == key.call, _stay < key.stay)
        yield Call.started_at <= key.started_at
        yield or_(Call.started_at < key.started_at, and_(same, Call.call < key.call), same_call)


def contacts_of(db: Session, call: str) -> Sequence[Contact]:
    """The contacts of one call, the first one first."""
    found = contacts(*_COLUMNS).where(Call.call == call).order_by(_stay, _talk)
    return [Contact(*row) for row in db.execute(found)]


def as_key(started_at: str, call: str, stay: str) -> Key | None:
    """A key from the words of a page's address; None where they are none."""
    try:
        moment = datetime.fromisoformat(started_at)
        return Key(moment, call, int(stay)) if moment.tzinfo is not None else None
    except ValueError:
        return None
