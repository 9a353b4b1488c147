"""config.yaml read and checked: every fault is told with its place, not the first alone."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from ivr.config.sections import Section
from ivr.config.settings import Settings
from ivr.errors import ConfigurationError
from ivr.strictyaml import YamlFault, place_of, read_file, shape_in_words

Place = tuple[str | int, ...]  # the keys and positions that lead to a part of the file
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
        found = [(each["loc"], shape_in_words(each, _keys_at(Settings, each["loc"][:-1]))) for each in error.errors()]
        faults = [(loc, "; ".join(words for words in said if words)) for loc, said in found]
    else:
        faults = list(_faults(settings))
    if faults:
        lines = [(place_of(tree, loc), f"{'.'.join(map(str, loc))}: {words}") for loc, words in faults]
        raise ConfigurationError("\n".join(f"{name}:{at[0]}:{at[1]}: {words}" for at, words in sorted(lines)))
    return settings


def _keys_at(part: Any, path: Place) -> Collection[str]:
    """The keys that may stand at a place below a section; empty where any may."""
    for step in path:
        if isinstance(part, type) and issubclass(part, Section):
            part = part.model_fields[str(step)].annotation if str(step) in part.model_fields else None
        else:
            part = next((kind for kind in reversed(get_args(part)) if kind is not Ellipsis), None)
    return part.model_fields.keys() if isinstance(part, type) and issubclass(part, Section) else ()


def _faults(settings: Settings) -> Iterator[tuple[Place, str]]:
    """Where the parts do not fit each other, and how."""
    for name, queue in settings.queues.items():
        if queue.hours not in settings.hours:
            yield ("queues", name, "hours"), f"no hours called '{queue.hours}'"
    for number, row in enumerate(settings.routing):
        if row.queue not in settings.queues:
            yield ("routing", number, "queue"), f"no queue called '{row.queue}'"
    for each in settings.languages:
        if each not in settings.speech:
            yield ("speech",), f"nothing for the language '{each}'"
        if each not in settings.bank.name:
            yield ("bank", "name"), f"nothing for '{each}'"
    if not settings.routing or settings.routing[-1].intent or settings.routing[-1].language:
        yield ("routing",), "the last row must fit every caller (a queue alone)"
    yield from _hours_faults(settings)
    yield from _plain_faults(settings)


def _hours_faults(settings: Settings) -> Iterator[tuple[Place, str]]:
    for name, table in settings.hours.items():
        for days, spans in table.items():
            found = _DAY_RANGE.fullmatch(days)
            order = _DAYS.split("|")
            if found is None or (found[3] and order.index(found[3]) < order.index(found[1])):
                yield ("hours", name, days), f"'{days}' is no weekday or range of them; write mon or mon-fri"
            for number, span in enumerate(spans):
                found = _TIME_RANGE.fullmatch(span)
                if found is None or found[1] >= found[3]:
                    yield ("hours", name, days, number), f"'{span}' is no time range; write 09:00-17:30"
    for number, holiday in enumerate(settings.holidays):
        if not _is_date(holiday):
            yield ("holidays", number), f"'{holiday}' is no date; write 2027-01-01"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _plain_faults(settings: Settings) -> Iterator[tuple[Place, str]]:
    if not settings.languages:
        yield ("languages",), "at least one answers"
    if len(set(settings.languages)) < len(settings.languages):
        yield ("languages",), "one is written twice"
    if settings.transfer.each_yuan > settings.transfer.a_day_yuan:
        yield ("transfer", "each_yuan"), "more than may be sent in a day"
