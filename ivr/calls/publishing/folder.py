"""Check a folder of config.yaml, flows and prompts as a whole, so that one file's errors do not hide another's."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ivr.calls.publishing.sources import calendar_days, read_sources, rules_of, strays
from ivr.calls.services.registry import catalogue
from ivr.engine import checks
from ivr.engine.bundle import Bundle
from ivr.engine.findings import Finding, FlowFaults
from ivr.engine.sources import Sources, build
from ivr.foundation.calendar import CalendarFaults
from ivr.foundation.config import ParsedConfig, QueueSettings, Settings, read_config
from ivr.foundation.config.settings import Route
from ivr.foundation.hours import NO_DAYS, Days
from ivr.foundation.messages import message
from ivr.foundation.strictyaml import location_of

CONFIG = "config.yaml"


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check; `bundle` is None when it could not be built. Without findings it may be published."""

    sources: Sources
    bundle: Bundle | None
    findings: tuple[Finding, ...]


def check_folder(root: Path, progress: Callable[[str], None] = lambda _: None, *, prove: bool = True) -> Checked:
    """Find everything that is wrong in a folder; without `prove`, only what prevents reading and building.

    Raises `ConfigurationError` when config.yaml or a folder is missing.
    """
    reading = read_config(root / CONFIG)
    days, amiss = _calendar(root, reading.settings)
    sources = read_sources(root, reading.settings, _rules(root, reading, days))
    bundle, found = None, []
    try:
        bundle = build(sources, catalogue())
        if prove:
            found = checks.check(bundle, progress=progress)
    except FlowFaults as faults:
        found = list(faults.findings)
    certain = (each for each in found if each.code not in _uncertain(reading.doubtful))
    findings = [*_config(reading), *amiss, *(_placed(reading, each) for each in certain)]
    if prove or not bundle:
        findings += strays(root, bundle.flows if bundle else None)
    return Checked(sources, bundle, tuple(sorted(findings)))


def _uncertain(doubtful: Collection[str]) -> frozenset[str]:
    """Codes of findings that may be mere consequences of a faulty section of config.yaml."""
    constants = ("condition", "slot", "type", "variable") if "billers" in doubtful else ()  # number_of_<biller>
    return frozenset((*doubtful, *constants))


def _config(reading: ParsedConfig) -> Iterator[Finding]:
    for f in reading.faults:
        yield Finding(CONFIG, f.line, f.column, f.code, f.place, f.problem, f.effect, f.remedy)


def _calendar(root: Path, settings: Settings) -> tuple[Days, list[Finding]]:
    """The calendar's days; none, and what is wrong, where a year's file has a fault."""
    try:
        return calendar_days(root, settings), []
    except CalendarFaults as faults:
        effect = message("Deadlines and opening hours would not know the year's holidays")
        file = f"calendar/{faults.file}"
        found = (Finding(file, *at, "calendar", "", said, effect, remedy) for at, said, remedy in faults.faults)
        return NO_DAYS, list(found)


def _placed(reading: ParsedConfig, finding: Finding) -> Finding:
    """A check's finding about config.yaml, moved to the line of the key that it names."""
    if finding.file != CONFIG or finding.line > 1:
        return finding
    section, _, rest = finding.place.partition(".")
    if section == "billers":  # named by their id, which stands under the key that callers press
        rest = next((key for key, each in reading.tree["billers"].items() if each["id"] == rest), rest)
    path = tuple(int(part) if section == "routing" else part for part in rest.split("."))
    line, column = location_of(reading.tree, (section, *path))
    return replace(finding, line=line, column=column)


def _rules(root: Path, reading: ParsedConfig, days: Days) -> dict[str, Any]:
    """The rules from config.yaml; where it is faulty, substitutes that let the rest be checked."""
    if not reading.faults:
        return rules_of(reading.settings, days)
    there = sorted(path.stem for path in (root / "prompts").glob("*.yaml"))
    return rules_of(_fitting(reading.settings, there), days)


def _fitting(settings: Settings, there: list[str]) -> Settings:
    """Consistent substitute settings: unknown names are replaced, and each language has a prompt file."""
    languages = tuple(dict.fromkeys((*(each for each in settings.languages if each in there), *there)))
    hours: dict[str, Any] = {name: {} for name in settings.hours} or {"agents": {}}
    queue = QueueSettings(hours=next(iter(hours)))
    queues = {name: each if each.hours in hours else queue for name, each in settings.queues.items()}
    queues = queues or {"general": queue}
    routing = (*(row for row in settings.routing if row.queue in queues), Route(queue=next(iter(queues))))
    name = {each: settings.bank.name.get(each) or "-" for each in languages}
    return settings.model_copy(
        update={
            "languages": languages, "hours": hours, "queues": queues, "routing": routing,
            "bank": settings.bank.model_copy(update={"name": name}),
        }
    )  # fmt: skip
