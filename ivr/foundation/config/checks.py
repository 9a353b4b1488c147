"""Consistency checks across sections of config.yaml: unknown names, routing rows that never match."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from ivr.foundation.config.settings import QueueSettings, Route, Settings
from ivr.foundation.hours import table_faults
from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml import OptionalMessage, suggestion

KeyPath = tuple[str | int, ...]  # keys and list indexes that lead to a part of the file


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """A fault at a path of the file. `effect` is the effect on callers, where it is not obvious."""

    code: str
    place: KeyPath
    problem: Message
    remedy: OptionalMessage
    effect: OptionalMessage = ""


def faults(settings: Settings) -> Iterator[SettingsFault]:
    """All inconsistencies, in no particular order."""
    yield from _languages(settings)
    yield from _queues(settings)
    yield from _routing(settings)
    yield from _billers(settings)
    yield from _confidence(settings)
    for name, table in settings.hours.items():
        for fault in table_faults(table):
            yield SettingsFault("hours", ("hours", name, *fault.place), fault.problem, fault.remedy)
    if settings.transfer.each_fen > settings.transfer.a_day_fen:
        remedy = message("lower each_yuan, or raise a_day_yuan")
        yield SettingsFault(
            "limit", ("transfer", "each_yuan"), message("this is more than may be sent in a day"), remedy
        )


def _languages(settings: Settings) -> Iterator[SettingsFault]:
    if not settings.languages:
        yield SettingsFault(
            "language", ("languages",), message("no language answers"), message("write languages: [zh-CN, en]")
        )
    if len(set(settings.languages)) < len(settings.languages):
        yield SettingsFault("language", ("languages",), message("one is written twice"), message("keep one of the two"))
    for each in settings.languages:
        if each not in settings.speech:
            remedy = message("write {each}: {{say: ..., voice: ..., hear: ...}}", each=each)
            yield SettingsFault(
                "language", ("speech",), message("nothing is here for the language '{each}'", each=each), remedy
            )
    yield from _named(("bank", "name"), settings.bank.name, settings.languages)


def _named(place: KeyPath, name: Mapping[str, str], languages: Collection[str]) -> Iterator[SettingsFault]:
    """A spoken name must exist in each language."""
    others = [each for each in name if each not in languages]
    for each in languages:
        if not name.get(each, "").strip():
            effect = message("Callers in '{each}' would hear an apology where it is spoken", each=each)
            remedy = message("write {each}: and the name", each=each)
            if others:
                remedy = message("{remedy}; there is no language '{other}'", remedy=remedy, other=others[0])
            yield SettingsFault(
                "language", place, message("the name is missing in '{each}'", each=each), remedy, effect
            )


def _queues(settings: Settings) -> Iterator[SettingsFault]:
    for name, queue in settings.queues.items():
        if queue.hours not in settings.hours:
            remedy = suggestion(queue.hours, settings.hours)
            yield SettingsFault(
                "hours", ("queues", name, "hours"), message("there are no hours '{hours}'", hours=queue.hours), remedy
            )
        yield from _relaxed(name, queue)
    for name in settings.floor.queues:
        if name not in settings.queues:
            remedy = suggestion(name, settings.queues)
            yield SettingsFault(
                "queues", ("floor", "queues", name), message("there is no queue '{queue}'", queue=name), remedy
            )
    skills = {queue.skill or name for name, queue in settings.queues.items()}
    yield from (fault for name, queue in settings.queues.items() for fault in _overflow(name, queue, skills))


def _relaxed(name: str, queue: QueueSettings) -> Iterator[SettingsFault]:
    """Each level of `relax:` must be below the one before: who waits longer may be served by more agents."""
    before = queue.level
    for seconds, level in sorted(queue.relax.items(), key=lambda pair: int(pair[0])):
        if level >= before:
            yield SettingsFault(
                "queues", ("queues", name, "relax", seconds),
                message("level {level} after {seconds} s is not below {before}, the level until then", level=level,
                        seconds=seconds, before=before),
                message("lower it, or take the row out"), message("Callers who wait would gain no agent by it"),
            )  # fmt: skip
        before = level


def _overflow(name: str, queue: QueueSettings, skills: Collection[str]) -> Iterator[SettingsFault]:
    """A skill of `overflow:` must be that of a queue: no other is known of an agent."""
    for seconds, others in queue.overflow.items():
        for skill in others:
            if skill not in skills:
                yield SettingsFault(
                    "queues", ("queues", name, "overflow", seconds, skill),
                    message("no queue has the skill '{skill}'", skill=skill), suggestion(skill, skills),
                    message("Callers who wait would gain no agent by it"),
                )  # fmt: skip


def _routing(settings: Settings) -> Iterator[SettingsFault]:
    rows = settings.routing
    for number, row in enumerate(rows):
        if row.queue not in settings.queues:
            remedy = suggestion(row.queue, settings.queues)
            yield SettingsFault(
                "queues", ("routing", number, "queue"), message("there is no queue '{queue}'", queue=row.queue), remedy
            )
        if row.language is not None and row.language not in settings.languages:
            remedy = suggestion(row.language, settings.languages)
            yield SettingsFault(
                "language", ("routing", number, "language"),
                message("there is no language '{language}'", language=row.language), remedy,
                message("This row would never fit"),
            )  # fmt: skip
        before = next((at for at, other in enumerate(rows[:number], 1) if _covers(other, row)), None)
        if before is not None:
            effect = message("No caller would reach '{queue}' by it", queue=row.queue)
            problem = message("this row never fits: row {before} takes every caller it could", before=before)
            yield SettingsFault(
                "routing", ("routing", number), problem,
                message("put it before row {before}, or take it out", before=before), effect,
            )  # fmt: skip
    if not rows or rows[-1].intent or rows[-1].language:
        remedy = message("end with a row of a queue alone, such as  - {{queue: general}}")
        yield SettingsFault("routing", ("routing",), message("the last row must fit every caller"), remedy)


def _covers(row: Route, later: Route) -> bool:
    return row.intent in (None, later.intent) and row.language in (None, later.language)


def _billers(settings: Settings) -> Iterator[SettingsFault]:
    first: dict[str, str] = {}
    for key, biller in settings.billers.items():
        if (other := first.setdefault(biller.id, key)) != key:
            effect = message("Callers would hear the other's name, and pay the other")
            problem = message("the biller '{other}' has the id '{id}' too", other=other, id=biller.id)
            yield SettingsFault("billers", ("billers", key, "id"), problem, message("give each its own"), effect)
        yield from _named(("billers", key, "name"), biller.name, settings.languages)
        yield from _named(("billers", key, "number"), biller.number, settings.languages)


def _confidence(settings: Settings) -> Iterator[SettingsFault]:
    """Answers with a greater effect need at least the same confidence."""
    by_effect = list(settings.least_confidence.model_dump().items())
    for (lesser, low), (greater, high) in pairwise(by_effect):
        if low > high:
            problem = message(
                "'{greater}' takes words that are less sure than '{lesser}' does", greater=greater, lesser=lesser
            )
            remedy = message("write {low} or more here, or less at {lesser}", low=low, lesser=lesser)
            effect = message("What does more would be confirmed on a weaker hearing")
            yield SettingsFault("confidence", ("least_confidence", greater), problem, remedy, effect)
