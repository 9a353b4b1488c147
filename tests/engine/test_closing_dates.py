"""Closing dates are reported with the dates, the table and its users, and nothing else is."""

from datetime import date
from typing import Any

from ivr.engine.compile.closing_dates import warnings
from tests.engine.small_bank import small_bundle

TODAY = date(2026, 9, 1)
QUEUES = {"general": {"hours": "agents"}, "cards": {"hours": "agents"}}
ASKS = """
flow: cards
start: open
intent: card_loss
steps:
  open: {hours: branches, open: main.bye, closed: main.bye}
"""
DAYS = ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2027-01-01", "2029-01-01"]
WEEK = {"mon-sun": ["09:00-17:30"]}


def told(**hours: Any) -> list[str]:
    """The warnings of a small bank with these hours."""
    routing = [{"intent": "card_loss", "queue": "cards"}, {"queue": "general"}]
    more = {"queues": QUEUES, "routing": routing, "calendar": {"holidays": DAYS, "years": [2026]}}
    return [
        str(each)
        for each in warnings(
            small_bundle({"cards": ASKS}, hours={"agents": WEEK, "branches": WEEK, **hours}, **more), TODAY
        )
    ]


def test_hours_that_no_date_closes_are_not_told() -> None:
    assert told() == []
    assert told(agents={**WEEK, "holidays": ["10:00-11:00"], "2026-12-31": ["09:00-12:00"]}) == []


def test_a_table_that_holidays_close_names_its_days_its_queues_and_their_callers() -> None:
    [line] = told(agents={**WEEK, "holidays": "closed"})
    assert "hours.agents: 'agents' is closed all day on 2026-10-01 to 2026-10-04, 2027-01-01." in line
    assert "The queue 'cards' takes nobody then (callers of card_loss)" in line
    assert "The queue 'general' takes nobody then (callers of every other service, the exit)" in line
    assert "2029" not in line, "more than 400 days ahead"


def test_a_step_that_asks_for_hours_is_named() -> None:
    [line] = told(branches={**WEEK, "2026-09-09": "closed"})
    assert "on 2026-09-09. The step cards.open leads to closed then" in line


def test_hours_that_nobody_uses_are_not_told() -> None:
    assert told(others={**WEEK, "holidays": "closed"}) == []


def test_a_year_without_a_file_is_told_from_november_before_it() -> None:
    bundle = small_bundle(calendar={"years": [2026]})
    assert [list(warnings(bundle, day)) for day in (date(2026, 1, 1), date(2026, 10, 31))] == [[], []]
    for day in (date(2026, 11, 1), date(2027, 5, 1)):
        [line] = map(str, warnings(bundle, day))
        assert "calendar/2027.yaml is missing" in line
    assert len(list(warnings(bundle, date(2027, 11, 1)))) == 2
