"""config.yaml read and checked: every fault is told with its place, not the first alone."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ivr.config.settings import Settings
from ivr.errors import ConfigurationError
from ivr.strictyaml import YamlFault, read_file

_DAYS = "mon|tue|wed|thu|fri|sat|sun"
_DAY_RANGE = re.compile(rf"({_DAYS})(-({_DAYS}))?")
_TIME_RANGE = re.compile(r"(([01][0-9]|2[0-3]):[0-5][0-9])-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)", re.ASCII)


def read_settings(path: Path) -> Settings:
    """The settings in a file; raises `ConfigurationError` that lists every fault with its place."""
    try:
        tree = read_file(path)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path} is missing; run from the project's folder or give --config") from error
    except YamlFault as fault:
        lines = [f"{path.name}:{f.line}:{f.column}: {f.problem}; {f.remedy}" for f in fault.faults]
        raise ConfigurationError("\n".join(lines)) from fault
    return settings_from(tree, path.name)


def settings_from(tree: Mapping[str, Any], name: str = "config.yaml") -> Settings:
    """The settings in a tree of text; raises `ConfigurationError`."""
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        lines = [f"{name}: {'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise ConfigurationError("\n".join(lines)) from error
    _check_references(settings, name)
    return settings


def _check_references(settings: Settings, name: str) -> None:
    known = settings.hours
    faults = [
        f"queues.{q}.hours: no hours called '{s.hours}'" for q, s in settings.queues.items() if s.hours not in known
    ]
    faults += [f"routing: no queue called '{r.queue}'" for r in settings.routing if r.queue not in settings.queues]
    spoken = settings.speech
    faults += [f"speech: nothing for the language '{each}'" for each in settings.languages if each not in spoken]
    faults += [f"bank.name: nothing for '{each}'" for each in settings.languages if each not in settings.bank.name]
    if not settings.routing or settings.routing[-1].intent or settings.routing[-1].language:
        faults.append("routing: the last row must fit every caller (a queue alone)")
    faults += [*_hours_faults(settings), *_plain_faults(settings)]
    if faults:
        raise ConfigurationError("\n".join(f"{name}: {fault}" for fault in faults))


def _hours_faults(settings: Settings) -> Iterator[str]:
    for name, table in settings.hours.items():
        for days, spans in table.items():
            found = _DAY_RANGE.fullmatch(days)
            order = _DAYS.split("|")
            if found is None or (found[3] and order.index(found[3]) < order.index(found[1])):
                yield f"hours.{name}: '{days}' is no weekday or range of them; write mon or mon-fri"
            for span in spans:
                found = _TIME_RANGE.fullmatch(span)
                if found is None or found[1] >= found[3]:
                    yield f"hours.{name}.{days}: '{span}' is no time range; write 09:00-17:30"
    for holiday in settings.holidays:
        if not _is_date(holiday):
            yield f"holidays: '{holiday}' is no date; write 2027-01-01"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _plain_faults(settings: Settings) -> Iterator[str]:
    if not settings.languages:
        yield "languages: at least one answers"
    if len(set(settings.languages)) < len(settings.languages):
        yield "languages: one is written twice"
    if settings.transfer.each_yuan > settings.transfer.a_day_yuan:
        yield "transfer.each_yuan: more than may be sent in a day"
