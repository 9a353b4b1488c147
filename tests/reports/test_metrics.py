"""Every number by a table computed by hand, and B16: each number of a made-up week opens exactly its contacts."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.centre.queues.models import CallbackRow
from ivr.db import work
from ivr.reports import journal
from ivr.reports.figures import GROUPS, By, figures, figures_by
from ivr.reports.filters import Filter
from ivr.reports.metrics import METRICS
from tests.reports.conftest import MONDAY, Books

DAY = timedelta(days=1)


def a_day(books: Books) -> None:
    """Ten calls of one day:

    | call | queue | what became of it | wait | talk | hold | wrap-up |
    |---|---|---|---|---|---|---|
    | 1 | general | answered by agent1 | 10 | 100 | 20 | 30 |
    | 2 | general | answered by agent2 | 20 | 200 | 0 | 90, of which 60 are the pause |
    | 3 | general | answered by agent1 | 60 | 300 | 0 | 0 |
    | 4 | general | abandoned | 5 | | | |
    | 5 | english | abandoned | 40 | | | |
    | 6 | english | chose a callback | 100 | | | |
    | 7 | english | waits still | | | | |
    | 8, 9 | | served by the self-service; 9 booked a callback there | | | | |
    | 10 | | hung up in the middle | | | | |
    """
    one, two, three = (books.call() for _ in range(3))
    books.talk(one, books.stay(one, "answered", 10, customer="wang"), "agent1", held=20, customer="wang")
    books.talk(two, books.stay(two, "answered", 20), "agent2", talked=200, wrapped=90, category="card")
    books.talk(three, books.stay(three, "answered", 60), "agent1", talked=300, wrapped=0, category="card")
    books.stay(books.call(ending="hung_up"), "abandoned", 5)
    books.stay(books.call(ending="hung_up"), "abandoned", 40, queue="english")
    books.stay(books.call(), "callback", 100, queue="english")
    books.stay(books.call(ending=""), "waiting", queue="english")
    books.call()
    owed = books.call()
    books.call(ending="hung_up")
    with work(books.database) as db:
        db.add(
            CallbackRow(
                call=owed, queue="general", state="requested", number=b"sealed", number_index=b"index", problem="x",
                language="zh-CN", consented_at=MONDAY, created_at=MONDAY,
            )
        )  # fmt: skip


BY_HAND = {
    "calls": (10, 10), "asked": (7, 7), "answered": (3, 3), "abandoned": (2, 2), "callback": (1, 1),
    "answer_rate": (3 / 6, 6), "speed_of_answer": (90 / 3, 3),
    "service_level": (2 / 5, 5),  # of six who left, one was gone within 20 seconds
    "service_level_15": (1 / 5, 5), "abandonment_rate": (2 / 6, 6),
    "handle_time": ((100 + 20 + 30 + 200 + 60 + 300) / 3, 3), "talk_time": (600 / 3, 3), "hold_time": (20 / 3, 3),
    "containment": (1 / 9, 9), "first_contact": (1.0, 1),
}  # fmt: skip


def test_each_number_is_what_a_hand_reckons(books: Books) -> None:
    a_day(books)
    with books.look() as db:
        found = figures(db, Filter(since=MONDAY, until=MONDAY + DAY))
    assert set(BY_HAND) == set(METRICS)
    for name, (value, count) in BY_HAND.items():
        assert found[name].value == pytest.approx(value), name
        assert found[name].count == count, name


def test_a_number_over_nothing_is_no_number(books: Books) -> None:
    with books.look() as db:
        found = figures(db, Filter(since=MONDAY))
    assert (found["calls"].value, found["answer_rate"].value, found["speed_of_answer"].value) == (0, None, None)


def test_a_second_contact_in_the_same_category_within_a_week_was_no_resolution(books: Books) -> None:
    for days, category in ((0, "card"), (6, "card"), (6, "loan"), (20, "card")):
        at = MONDAY + days * DAY
        call = books.call(at)
        books.talk(call, books.stay(call, "answered", at=at), at=at, category=category, customer="wang")
    with books.look() as db:
        found = figures(db, Filter())["first_contact"]
    assert (found.value, found.count) == (3 / 4, 4), "only the first was followed by another of its category"


def test_a_transfer_is_one_contact_and_a_second_stay_is_no_second_call(books: Books) -> None:
    call = books.call()
    stay = books.stay(call, "answered")
    books.talk(call, stay, "agent1")
    books.talk(call, stay, "agent2", at=MONDAY + timedelta(minutes=3), kind="transfer")
    books.stay(call, "abandoned", at=MONDAY + timedelta(minutes=9))
    with books.look() as db:
        found = figures(db, Filter())
        assert [found[name].value for name in ("calls", "asked", "answered")] == [1, 2, 1]
        assert [each.agent for each in journal.search(db, Filter(agent="agent2"))] == ["", "agent1"]
        assert journal.count(db, Filter(answered_by="agent2")) == 0


def a_week(books: Books, seed: int) -> None:
    """Calls of a week at random."""
    chance = random.Random(seed)
    for _ in range(80):
        at = MONDAY + timedelta(seconds=chance.randrange(7 * 86_400))
        call = books.call(at, chance.choice(["served", "hung_up", ""]))
        for _ in range(chance.choice([0, 1, 1, 1, 2])):
            state = chance.choice(["answered", "answered", "abandoned", "callback", "timeout", "failed", "waiting"])
            customer = chance.choice([None, "wang", "li"])
            stay = books.stay(call, state, chance.randrange(60), at, chance.choice(["general", "english"]), customer)
            at += timedelta(minutes=chance.randrange(20))
            if state == "answered":
                books.talk(
                    call, stay, chance.choice(["agent1", "agent2"]), at, chance.randrange(1, 400), chance.randrange(50),
                    chance.randrange(90), chance.choice(["card", "loan", ""]), customer,
                )  # fmt: skip


def test_every_number_of_a_week_opens_exactly_its_contacts(books: Books) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - to make the same week again
    a_week(books, seed)
    with books.look() as db:
        for day in range(7):
            wanted = Filter(since=MONDAY + day * DAY, until=MONDAY + (day + 1) * DAY)
            opened = {name: journal.count(db, _of(wanted, metric=name)) for name in METRICS}
            whole = figures(db, wanted)
            assert opened == {name: each.count for name, each in whole.items()}, day
            assert all(each.value == each.count for name, each in whole.items() if METRICS[name].unit == "calls")
        week = Filter(since=MONDAY, until=MONDAY + 7 * DAY)
        whole = figures(db, week)
        for by in GROUPS:
            _check_groups(books, by, week, {name: each.count for name, each in whole.items()})


def _check_groups(books: Books, by: str, week: Filter, whole: dict[str, int]) -> None:
    names: By = by  # type: ignore[assignment] # a key of GROUPS
    with books.look() as db:
        groups = figures_by(db, week, names)
        for name in METRICS:
            assert sum(found[name].count for found in groups.values()) == whole[name], (by, name)
            for group, found in groups.items():
                assert journal.count(db, _of(week, metric=name, **{by: group})) == found[name].count, (by, group, name)


def _of(wanted: Filter, **more: str) -> Filter:
    return replace(wanted, **more)  # type: ignore[arg-type]
