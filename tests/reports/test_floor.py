"""One definition for each number: the floor and the journal say the same of the same day."""

import pytest
from sqlalchemy import select

from ivr.calls.models import Call
from ivr.centre.floor.metrics import QueueDay
from ivr.centre.queues.models import QueuedCall
from ivr.reports import figures
from tests.centre.floor.conftest import Floor, floor
from tests.support.hotline import ZONE

__all__ = ["floor"]
SAME = ("service_level", "answer_rate", "speed_of_answer", "abandonment_rate")


def test_the_floor_and_the_journal_say_the_same(floor: Floor) -> None:
    waits = [
        ("answered", 5),
        ("answered", 20),
        ("answered", 21),
        ("abandoned", 10),
        ("abandoned", 90),
        ("callback", 60),
    ]
    with floor.work() as db:
        for place, (state, wait) in enumerate(waits):
            floor.call(db, state, 100 * place, 100 * place + wait)
        floor.call(db, "timeout", 700, 1300)
        floor.call(db, "waiting", 1960)
        db.flush()
        for stay in db.scalars(select(QueuedCall)):
            db.add(Call(call=stay.call, turn=1, bundle="b", state=b"", language="zh-CN", started_at=stay.entered_at))
    shown = floor.board(2000).total.day
    with floor.work() as db:
        told = figures.today(db, floor.at(2000), ZONE)
    for name in SAME:
        assert getattr(shown, name) == pytest.approx(told[name].value), name
    assert (shown.offered, shown.answered, shown.abandoned) == tuple(
        told[name].value for name in ("asked", "answered", "abandoned")
    )
    assert isinstance(shown, QueueDay)
