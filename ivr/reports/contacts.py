"""A contact: a call, one of its stays in a queue, and the talk that ended it. Every list and number is read from it.

A call that never asked for an agent is one contact, a call that queued twice is two. A talk that was transferred
belongs to the contact of its first agent: it is counted once as a contact, and by its legs as often as it was moved.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from ivr.calls.models import Call
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.waiting import HERE
from ivr.db.durations import seconds_between

NONE = "-"  # in a filter: no queue, no agent, no category
OUTCOMES = ("answered", "abandoned", "callback", "timeout", "failed", "waiting", "served", "hung_up", "open")

_earlier = aliased(QueuedCall)
_talk = and_(
    Interaction.queued_call_id == QueuedCall.id, Interaction.kind == "inbound", Interaction.talked_at.is_not(None)
)

at = func.coalesce(QueuedCall.entered_at, Call.started_at, type_=Call.started_at.type)
"""When a contact began: when it joined its queue, else when the call began. Days and weeks go by it."""
queued = QueuedCall.id.is_not(None)
over = and_(queued, QueuedCall.state.not_in(HERE))
is_first = or_(
    QueuedCall.id.is_(None),
    ~select(_earlier.id).where(_earlier.call == QueuedCall.call, _earlier.id < QueuedCall.id).exists(),
)
"""Whether this is the first contact of its call: calls are counted by it."""

waited: ColumnElement[float] = seconds_between(QueuedCall.entered_at, QueuedCall.left_at)
talk_over = and_(Interaction.id.is_not(None), Interaction.state == "ended")
held: ColumnElement[float] = case((talk_over, Interaction.held_seconds), else_=literal(0))
talked: ColumnElement[float] = case(
    (talk_over, seconds_between(Interaction.talked_at, Interaction.ended_at) - Interaction.held_seconds), else_=0.0
)
_closed = case((WrapUp.closed_at < WrapUp.until, WrapUp.closed_at), else_=WrapUp.until)
wrapped: ColumnElement[float] = func.coalesce(
    case((WrapUp.closed_at.is_not(None), seconds_between(Interaction.ended_at, _closed)), else_=0.0), 0.0
)
"""A wrap-up ends with the agent's pause at the latest, whenever the sheet was handed in."""

outcome: ColumnElement[str] = case(
    (QueuedCall.state.in_(HERE), "waiting"),
    (queued, QueuedCall.state),
    (Call.ended_at.is_(None), "open"),
    (Call.ending == "served", "served"),
    else_="hung_up",
)


def has_outcome(code: str) -> ColumnElement[bool]:
    """The contacts of one outcome, in words that indexes understand."""
    if code == "waiting":
        return QueuedCall.state.in_(HERE)
    if code in ("served", "hung_up", "open"):
        ending = Call.ending == "served" if code == "served" else Call.ending != "served"
        ended = Call.ended_at.is_(None) if code == "open" else and_(Call.ended_at.is_not(None), ending)
        return and_(QueuedCall.id.is_(None), ended)
    return QueuedCall.state == code


def contacts(*columns: Any) -> Select[*tuple[Any, ...]]:
    """A SELECT of these columns over all contacts."""
    return (
        select(*columns)
        .select_from(Call)
        .outerjoin(QueuedCall, QueuedCall.call == Call.call)
        .outerjoin(Interaction, _talk)
        .outerjoin(WrapUp, WrapUp.interaction_id == Interaction.id)
    )
