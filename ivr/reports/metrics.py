"""The metrics of the service centre: each is declared once, with its definition in both languages and its SQL.

A page, an export and a report show the number and this definition, and the number opens exactly its contacts: those
that `opens` fits. The definitions are those of GB/T 32312-2015 where it has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from ivr.calls.models import Call
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import CallbackRow, QueuedCall
from ivr.db.durations import seconds_between
from ivr.reports.contacts import has_outcome, held, is_first, over, queued, talk_over, talked, waited, wrapped

Unit = Literal["calls", "seconds", "rate"]
AGAIN = timedelta(days=7)

answered = QueuedCall.state == "answered"
abandoned = QueuedCall.state == "abandoned"
ended = and_(is_first, Call.ended_at.is_not(None))
booked_on_call = select(CallbackRow.id).where(CallbackRow.call == Call.call).exists()
contained = and_(has_outcome("served"), ~booked_on_call)

_other, _sheet = aliased(Interaction), aliased(WrapUp)
_after = seconds_between(Interaction.talked_at, _other.talked_at)
_came_again = (
    select(_other.id)
    .join(_sheet, _sheet.interaction_id == _other.id)
    .where(
        _other.customer_id == Interaction.customer_id,
        _other.call_id != Interaction.call_id,
        _sheet.category == WrapUp.category,
        _other.talked_at > Interaction.talked_at,
        _after <= AGAIN.total_seconds(),
    )
    .exists()
)
written_up = and_(talk_over, Interaction.customer_id.is_not(None), WrapUp.category != "")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages of the pages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One number. `part` is summed over contacts; `whole` counts the contacts that it is divided by, None: by nothing.

    `opens`: the contacts behind the number. Of a count they are those that are counted, of a rate or a mean those
    that it is taken over. A rate is 0 to 1; seconds are a mean.
    """

    name: Words
    about: Words
    unit: Unit
    part: ColumnElement[Any]
    opens: ColumnElement[bool]
    whole: ColumnElement[bool] | None = None


def _one(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((condition, literal(1)), else_=literal(0))


def _count(name: Words, about: Words, condition: ColumnElement[bool]) -> Metric:
    return Metric(name, about, "calls", _one(condition), condition)


def _rate(name: Words, about: Words, part: ColumnElement[bool], whole: ColumnElement[bool]) -> Metric:
    return Metric(name, about, "rate", _one(and_(part, whole)), whole, whole)


def _mean(name: Words, about: Words, seconds: ColumnElement[float], whole: ColumnElement[bool]) -> Metric:
    return Metric(name, about, "seconds", case((whole, seconds), else_=0.0), whole, whole)


def _service_level(seconds: int) -> Metric:
    """Answered within so many seconds ÷ (offered − abandoned within them); who waits now is not counted yet."""
    soon = waited <= seconds
    return _rate(
        Words(f"服务水平（{seconds} 秒）", f"Service level ({seconds} s)"),
        Words(
            f"{seconds} 秒内接听数 ÷（排队数 − {seconds} 秒内放弃数）；仍在等候的不计。",
            f"Answered within {seconds} s ÷ (queued − abandoned within {seconds} s); who still waits is not counted.",
        ),
        and_(answered, soon),
        and_(over, or_(~abandoned, ~soon)),
    )


METRICS: Mapping[str, Metric] = {
    "calls": _count(
        Words("来电", "Calls"),
        Words(
            "进入热线的来电数，含自助与人工；同一来电多次排队或转接只计一次。",
            "Calls that reached the hotline, self-service and agents; one that queued or was moved again counts once.",
        ),
        is_first,
    ),
    "asked": _count(
        Words("要求人工", "Asked for an agent"),
        Words("进入人工队列的次数。", "Times that a caller joined a queue for an agent."),
        queued,
    ),
    "answered": _count(
        Words("人工接听", "Answered"),
        Words("座席接听的排队来电数。", "Queued calls that an agent answered."),
        answered,
    ),
    "abandoned": _count(
        Words("排队放弃", "Abandoned"),
        Words(
            "在队列中挂机的来电数；选择回拨的不算放弃。",
            "Calls that hung up in a queue; a caller who chose a callback did not.",
        ),
        abandoned,
    ),
    "callback": _count(
        Words("改为回拨", "Chose a callback"),
        Words("在队列中选择回拨的来电数。", "Calls that chose a callback while they queued."),
        QueuedCall.state == "callback",
    ),
    "answer_rate": _rate(
        Words("来电接通率", "Answer rate"),
        Words(
            "人工接听数 ÷ 要求人工数；仍在等候的不计。依据 GB/T 32312。",
            "Answered by an agent ÷ asked for one; who still waits is not counted. GB/T 32312.",
        ),
        answered,
        over,
    ),
    "speed_of_answer": _mean(
        Words("接通速度", "Speed of answer (ASA)"),
        Words(
            "已接来电的排队时间之和 ÷ 已接来电数，自进入队列起至座席开始服务止。依据 GB/T 32312。",
            "Queue wait of answered calls ÷ answered calls, from joining the queue to formal service. GB/T 32312.",
        ),
        waited,
        answered,
    ),
    "service_level": _service_level(20),
    "service_level_15": _service_level(15),
    "abandonment_rate": _rate(
        Words("放弃率", "Abandonment rate"),
        Words(
            "排队放弃数 ÷ 要求人工数；选择回拨的不算放弃，仍在等候的不计。",
            "Abandoned in the queue ÷ queued; a caller who chose a callback did not abandon, who waits is not counted.",
        ),
        abandoned,
        over,
    ),
    "handle_time": _mean(
        Words("平均处理时长", "Handle time (AHT)"),
        Words("（通话 + 保持 + 小结）÷ 已结束的通话数。", "(Talk + hold + wrap-up) ÷ talks that are over."),
        talked + held + wrapped,
        talk_over,
    ),
    "talk_time": _mean(
        Words("通话时长", "Talk time"),
        Words("平均通话时间，不含保持和小结。", "Mean time talked, without hold and wrap-up."),
        talked,
        talk_over,
    ),
    "hold_time": _mean(
        Words("保持时长", "Hold time"),
        Words("平均保持时间，按已结束的通话计。", "Mean time on hold, over talks that are over."),
        held,
        talk_over,
    ),
    "containment": _rate(
        Words("自助完成率", "Containment"),
        Words(
            "未要求人工且办完的自助会话 ÷ 已结束的来电；中途挂机和预约回拨不算完成。",
            "Self-service completed without asking for an agent ÷ calls that are over; a hang-up in the middle and a "
            "callback are not contained.",
        ),
        contained,
        ended,
    ),
    "first_contact": _rate(
        Words("一次解决率", "First-contact resolution (FCR)"),
        Words(
            "同一客户在 7 天内未就同一业务分类再次来电的通话 ÷ 已识别客户并写了分类的通话。",
            "Talks after which the same customer did not call again in the same category within 7 days ÷ talks with a "
            "known customer and a category.",
        ),
        ~_came_again,
        written_up,
    ),
}


def summed(metric: Metric) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Part and whole of a metric as columns of an aggregate; the whole of a count is what it counts."""
    return (
        func.coalesce(func.sum(metric.part), 0),
        func.coalesce(func.sum(_one(metric.opens if metric.whole is None else metric.whole)), 0),
    )
