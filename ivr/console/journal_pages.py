"""What the pages of the journal and its numbers are written with."""

from datetime import datetime

from flask import render_template

from ivr.console.office import office
from ivr.console.words import journal as words
from ivr.console.words import language, own_words
from ivr.reports.contacts import NONE
from ivr.reports.figures import Figure
from ivr.reports.metrics import METRICS, Words


def rendered(template: str, **facts: object) -> str:
    """A page, with the words and the ways of writing that these pages share."""
    return render_template(
        template, words=words, span=span, figure=figure, told=told, clock=clock, choice=choice, none=NONE,
        now_zone=office().zone, **facts,
    )  # fmt: skip


def span(seconds: float | None) -> str:
    """A duration as pages write it: 2:31, 1:02:03; a dash where there is none."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def figure(name: str, value: Figure) -> str:
    """A number in its unit; a dash for a rate or a mean over nothing."""
    if value.value is None:
        return "–"
    unit = METRICS[name].unit
    return f"{value.value:,.0f}" if unit == "calls" else f"{value.value:.1%}" if unit == "rate" else span(value.value)


def told(text: Words) -> str:
    """A text of a metric in the language of this page."""
    return text.en if language() == "en" else text.zh


def clock(at: datetime | None) -> str:
    """A moment of a call: 14:05:09, in the bank's zone."""
    return "" if at is None else at.astimezone(office().zone).strftime("%H:%M:%S")


def choice(table: dict[str, dict[str, str]], code: str) -> str:
    """A code of config.yaml in the language of this page; a code that is no longer there stays as it is."""
    return str(table.get(code, {}).get(language()) or own_words(code))
