"""Warns about dates and holidays that close opening hours for a whole day, and about years without holidays.

It never refuses a bundle.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from ivr.engine.bundle import Bundle
from ivr.engine.findings import Finding
from ivr.engine.references import ROUTED, HoursName, QueueName, words_of
from ivr.foundation.calendar import missing_years
from ivr.foundation.messages import comma_list, each_of, message

DAYS_AHEAD = 400
_SEVERAL = 3  # this many consecutive days are shown as one span


def warnings(bundle: Bundle, today: date) -> Iterator[Finding]:
    """A warning for each year without a calendar, and for each table of `hours:` that dates close all day within the
    next 400 days: the dates, and who uses it.
    """
    yield from map(_unknown_year, missing_years(bundle.calendar_years, today))
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    for name, hours in bundle.hours.items():
        closed = [day for day in days if hours.closed_by_date(day)]
        users = list(_users(bundle, name))
        if closed and users:
            problem = message("'{name}' is closed all day on {words}", name=name, words=comma_list(_spans(closed)))
            remedy = message(
                "take out holidays: of '{name}' where it stays open then, or give the date hours of its own", name=name
            )
            yield Finding("config.yaml", 1, 1, "closes", f"hours.{name}", problem, each_of(users), remedy)


def _unknown_year(year: int) -> Finding:
    file = f"calendar/{year}.yaml"
    problem = message("{file} is missing", file=file)
    effect = message("The days of {year} are counted by weekends until it is there", year=year)
    remedy = message("copy the newest file of calendar/, write the days of the State Council's notice, and publish")
    return Finding(file, 1, 1, "calendar", "", problem, effect, remedy)


def _spans(days: list[date]) -> Iterator[str]:
    """Dates; consecutive ones as first to last."""
    for _, group in groupby(enumerate(days), key=lambda each: each[1] - timedelta(days=each[0])):
        row = [day for _, day in group]
        if len(row) >= _SEVERAL:
            yield message("{first} to {last}", first=row[0], last=row[-1])
        else:
            yield from map(str, row)


def _users(bundle: Bundle, hours: str) -> Iterator[str]:
    """What uses a table: its queues with their callers, and the steps that ask for it."""
    for queue, rules in bundle.queues.items():
        if rules.hours == hours:
            callers = list(_callers(bundle, queue))
            reported = message("The queue '{queue}' takes nobody then", queue=queue)
            yield (
                message("{told} (callers of {callers})", told=reported, callers=comma_list(callers))
                if callers
                else reported
            )
    for flow in bundle.flows.values():
        for step in flow.steps.values():
            if hours in words_of(step.node, HoursName):
                yield message("The step {place} leads to closed then", place=step.qualified_name)


def _callers(bundle: Bundle, queue: str) -> Iterator[str]:
    """Who enters a queue: intents by routing, everyone else, the exit, steps that name it."""
    intents = sorted({flow.intent for flow in bundle.flows.values() if flow.intent})
    yield from (each for each in intents if any(bundle.queue_for(each, tag) == queue for tag in bundle.languages))
    if any(bundle.queue_for("", tag) == queue for tag in bundle.languages):
        yield message("every other service")
        if ROUTED in words_of(bundle.flows[bundle.exit.flow].steps[bundle.exit.step].node, QueueName):
            yield message("the exit")
    for flow in bundle.flows.values():
        yield from (step.qualified_name for step in flow.steps.values() if queue in words_of(step.node, QueueName))
