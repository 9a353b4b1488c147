"""The metrics of the day, against tables that were reckoned by hand."""

from datetime import timedelta

import pytest

from tests.centre.floor.conftest import Floor

HOUR = 3600


def test_the_callers_of_a_day_by_what_became_of_them(floor: Floor) -> None:
    """Ten joined: answered after 5, 20, 21 and 60 s; abandoned after 10 and 90 s; one chose a callback, one was timed
    out; two wait, for 15 s and for 40 s (not counted yet)."""
    with floor.work() as db:
        for begin, wait in ((0, 5), (100, 20), (200, 21), (300, 60)):
            floor.call(db, "answered", begin, begin + wait)
        for begin, wait in ((400, 10), (500, 90)):
            floor.call(db, "abandoned", begin, begin + wait)
        floor.call(db, "callback", 600, 660)
        floor.call(db, "timeout", 700, 1300)
        floor.call(db, "waiting", 1985)
        floor.call(db, "leaving", 1960)
        floor.call(db, "answered", -10 * HOUR, -10 * HOUR + 5)  # yesterday, 23:00
        floor.call(db, "answered", 10, 12, "english")
    found = floor.board(2000)
    general = next(each for each in found.queues if each.name == "general")
    day = general.day
    assert (day.offered, day.answered, day.abandoned, day.here) == (10, 4, 2, 2)
    assert day.service_level == 2 / (8 - 1)  # the 10 s abandoned within the time
    assert day.answer_rate == 4 / 8
    assert day.speed_of_answer == pytest.approx((5 + 20 + 21 + 60) / 4)
    assert day.abandonment_rate == 2 / 8, "who chose a callback did not abandon"
    assert (general.now.waiting, general.now.longest_seconds(found.at)) == (2, 40)
    assert (found.total.day.offered, found.total.day.answered) == (11, 5)


def test_nothing_is_divided_by_nothing(floor: Floor) -> None:
    total = floor.board(0).total
    assert (total.day.service_level, total.day.answer_rate, total.day.speed_of_answer) == (None, None, None)
    assert (floor.board(0).occupancy, floor.board(0).handle_time) == (None, None)


def test_handle_time_counts_talk_hold_and_the_pause_for_the_wrap_up(floor: Floor) -> None:
    with floor.work() as db:
        floor.talk(db, "agent1", 0, 100, held=30, pause=(120, 160))  # 70 talk, 30 hold, 20 wrap-up
        floor.talk(db, "agent1", 200, 260, pause=(5000, 320))  # handed in much later: its pause was 60
        floor.talk(db, "agent2", 300, 340)  # no sheet
        floor.talk(db, "agent2", 400, None)  # goes on
    days = floor.board(6000).days
    first = days["agent1"]
    assert (first.answered, first.talk_seconds, first.hold_seconds, first.wrap_up_seconds) == (2, 130, 30, 80)
    assert first.handle_time == pytest.approx(240 / 2)
    assert days["agent2"].handle_time == pytest.approx(40)
    assert floor.board(6000).handle_time == pytest.approx(280 / 3)


def test_occupancy_is_contact_time_in_contact_and_idle_time(floor: Floor) -> None:
    """agent1 was ready since yesterday evening: only since midnight counts. Breaks count nowhere."""
    midnight = -9 * HOUR
    with floor.work() as db:
        floor.did(db, "agent1", (midnight - HOUR, "ready"), (midnight + 100, "ringing"), (midnight + 110, "talking"))
        floor.did(db, "agent1", (midnight + 210, "on_hold"), (midnight + 240, "wrap_up"), (midnight + 300, "not_ready"))
        floor.did(db, "agent2", (0, "ready"), (50, "talking"))
    at = floor.board(90)
    contact, idle = (100 + 30 + 60) + 40, (100 + 10) + 50
    assert at.occupancy == pytest.approx(contact / (contact + idle), abs=1e-4)
    assert at.since == floor.nine - timedelta(hours=9)


def test_who_is_free_is_who_may_serve(floor: Floor) -> None:
    with floor.work() as db:
        floor.agent(db, "agent1", "ready", general=1, transfers=3)
        floor.agent(db, "agent2", "talking", general=3)
        floor.agent(db, "agent3", "unreachable", general=5)
        floor.agent(db, "agent4", "signed_out", general=5)
    found = floor.board(60)
    assert {each.name: (each.now.free, each.now.at_work) for each in found.queues}["general"] == (1, 2)
    assert {each.name: (each.now.free, each.now.at_work) for each in found.queues}["english"] == (0, 0)
    assert [each.id for each in found.agents] == ["agent3", "agent2", "agent1", "agent4"], "who needs somebody first"
    assert found.states == {"ready": 1, "talking": 1, "unreachable": 1}
