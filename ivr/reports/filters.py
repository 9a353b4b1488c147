"""What is looked for in the journal. The same conditions make a list, the number that leads to it, and its export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ivr.calls.models import Call
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import QueuedCall
from ivr.reports.contacts import NONE, at, has_outcome
from ivr.reports.metrics import METRICS

LONGEST_CALL = timedelta(days=1)
_talk, _stay, _sheet = aliased(Interaction), aliased(QueuedCall), aliased(WrapUp)


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty parts fit everything; `-` as queue, answered_by or category means none.

    `since` and `until` bound when contacts began, the second one excluded. `number` is the blind index of a caller's
    number. `agent` had any part in the call, `answered_by` took it from the queue. `metric` fits the contacts that
    the number of this name opens. `own` is an agent who sees the calls of their own alone.
    """

    since: datetime | None = None
    until: datetime | None = None
    number: bytes | None = None
    customer: str = ""
    agent: str = ""
    answered_by: str = ""
    category: str = ""
    queue: str = ""
    outcome: str = ""
    metric: str = ""
    own: str = ""


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """The WHERE of a filter, over `contacts`. KeyError for a metric that is not declared."""
    made = [*_time(wanted), *_parts(wanted)]
    if wanted.metric:
        made.append(METRICS[wanted.metric].opens)
    return made


def _time(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """A stay in a queue begins after its call, within a day: so the index on the beginning of calls serves both."""
    if wanted.since is not None:
        yield Call.started_at >= wanted.since - LONGEST_CALL
        yield at >= wanted.since
    if wanted.until is not None:
        yield Call.started_at < wanted.until
        yield at < wanted.until


def _parts(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.number is not None:
        yield Call.caller_index == wanted.number
    if wanted.customer:
        talks = select(_talk.call_id).where(_talk.customer_id == wanted.customer)
        yield Call.call.in_(union(select(_stay.call).where(_stay.customer_id == wanted.customer), talks))
    for agent in filter(None, (wanted.agent, wanted.own)):
        yield Call.call.in_(select(_talk.call_id).where(_talk.agent_id == agent, _talk.talked_at.is_not(None)))
    if wanted.outcome:
        yield has_outcome(wanted.outcome)
    yield from _is(QueuedCall.queue, wanted.queue)
    yield from _is(Interaction.agent_id, wanted.answered_by)
    if wanted.category == NONE:
        yield or_(WrapUp.category.is_(None), WrapUp.category == "")
    elif wanted.category:
        written = select(_talk.call_id).join(_sheet, _sheet.interaction_id == _talk.id)
        yield WrapUp.category == wanted.category
        yield Call.call.in_(
            written.where(_sheet.category == wanted.category)
        )  # or a rare one is looked for in all calls


def _is(column: InstrumentedAttribute[str], wanted: str) -> Iterator[ColumnElement[bool]]:
    if wanted:
        yield column.is_(None) if wanted == NONE else column == wanted
