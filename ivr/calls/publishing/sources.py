"""Reads flows, prompts and the bundled part of config.yaml into the sources of a bundle."""

import hashlib
import wave
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ivr.engine.findings import Finding, suggestion
from ivr.engine.sources import Sources
from ivr.engine.speech import value_formats
from ivr.foundation.calendar import day_spans, read_calendar
from ivr.foundation.config import Settings
from ivr.foundation.errors import ConfigurationError
from ivr.foundation.hours import NO_DAYS, Days, read_hours
from ivr.foundation.messages import Message, message

BUNDLED = frozenset({  # of config.yaml
    "languages", "call", "hours", "queues", "routing", "billers", "least_confidence", "budgets",
})  # fmt: skip
TRANSCRIPT = ".test.yaml"  # transcripts that test a flow; not part of a bundle


def read_sources(root: Path, settings: Settings, rules: Mapping[str, Any] | None = None) -> Sources:
    """The sources in `root`/flows, `root`/prompts and `root`/calendar; raises `ConfigurationError` without a folder.

    `rules` default to those of the settings.

    Constants that flows and prompts may use besides their variables:
    bank_name (in the caller's language), each_limit and day_limit (fen, of transfers), repeat_minutes (an equal
    transfer within them is asked about), held_hours (transfers after a change of password), oral_days (of an oral
    report of loss), query_minutes (a query password is good for), valid_seconds and resend_seconds (of a code),
    password_digits and code_digits, number_of_<biller> (what its bills are found by) and agent_hours (when agents are
    there), both in every language.
    """
    flows = _texts(root / "flows", "*.yaml")
    rules = rules_of(settings, calendar_days(root, settings)) if rules is None else rules
    files = {f"{language}.yaml": root / "prompts" / f"{language}.yaml" for language in rules["languages"]}
    prompts = {name: _text(path) for name, path in files.items() if path.exists()}  # what is missing is a finding
    recordings = {language: _recordings(root / "prompts" / language) for language in rules["languages"]}
    lengths = {language: _lengths(root / "prompts" / language, names) for language, names in recordings.items()}
    return Sources(flows, prompts, rules, recordings, lengths)


def strays(root: Path, flows: Collection[str] | None = None) -> list[Finding]:
    """Findings for files that are not read: wrong suffixes, and transcripts without a flow when `flows` are known."""
    found = []
    for path in sorted(path for folder in ("flows", "prompts") for path in (root / folder).glob("*.*")):
        if path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yaml":
            problem, effect = (
                message("a file that ends in {suffix} is not read", suffix=path.suffix),
                message("Nothing of this file would run"),
            )
            found.append(_stray(path, problem, effect, message("rename it to {stem}.yaml", stem=path.stem)))
    for path in sorted((root / "flows").glob(f"*{TRANSCRIPT}") if flows is not None else ()):
        name = path.name.removesuffix(TRANSCRIPT)
        if name not in (flows or ()):
            problem, effect = (
                message("there is no flow '{name}'", name=name),
                message("Its calls would never be played"),
            )
            found.append(_stray(path, problem, effect, suggestion(name, flows or ())))
    return found


def _stray(path: Path, problem: Message, effect: Message, remedy: Message) -> Finding:
    return Finding(f"{path.parent.name}/{path.name}", 1, 1, "file", "", problem, effect, remedy)


def calendar_days(root: Path, settings: Settings) -> Days:
    """What opening hours take of `root`/calendar; raises `CalendarFaults`."""
    return read_calendar(root / "calendar", settings.bank.zone, day_spans(settings.working_hours)).days


def rules_of(settings: Settings, days: Days = NO_DAYS) -> dict[str, Any]:
    """The part of config.yaml that a bundle holds, as plain data, with the calendar's days that its hours keep."""
    plain = settings.model_dump(mode="json", by_alias=True)
    return {
        "languages": list(settings.languages),
        "hours": plain["hours"],
        "calendar": {name: list(dates) for name, dates in asdict(days).items()},
        "zone": settings.bank.time_zone,
        "routing": [row.model_dump(exclude_none=True) for row in settings.routing],
        "queues": {
            name: {key: it for key, it in row.items() if key != "name"} for name, row in plain["queues"].items()
        },
        "billers": {biller.id: dict(biller.name) for biller in settings.billers.values()},
        "limits": settings.call.model_dump(),
        "least_confidence": settings.least_confidence.model_dump(),
        "constants": constants_of(settings),
        "budgets": settings.budgets.model_dump(),
        "rest": {name: part for name, part in plain.items() if name not in BUNDLED}
        | {"bank": {"time_zone": settings.bank.time_zone}},
    }


def needing_restart(before: Sources, now: Sources) -> list[str]:
    """The changed keys of config.yaml that take effect only after a restart, such as transfer.each_yuan: running
    processes read them at start, not from the bundle.
    """
    return sorted(_differing(before.rules.get("rest", {}), now.rules["rest"]))


def _differing(before: Any, now: Any, place: str = "") -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name in before.keys() | now.keys():
            yield from _differing(before.get(name), now.get(name), f"{place}.{name}".lstrip("."))
    elif before != now:
        yield place


def constants_of(settings: Settings) -> dict[str, Any]:
    """The constants for flows and prompts; see `read_sources`."""
    verification, transfer = settings.verification, settings.transfer
    numbers = {f"number_of_{biller.id}": dict(biller.number) for biller in settings.billers.values()}
    return {
        **numbers,
        "agent_hours": {language: _agent_hours(settings, language) for language in settings.languages},
        "bank_name": dict(settings.bank.name),
        "each_limit": transfer.each_fen,
        "day_limit": transfer.a_day_fen,
        "repeat_minutes": transfer.repeat_minutes,
        "held_hours": transfer.held_hours_after_password_change,
        "oral_days": settings.card_loss.oral_report_days,
        "query_minutes": verification.query.valid_minutes,
        "valid_seconds": verification.code.valid_seconds,
        "resend_seconds": verification.code.resend_seconds,
        "password_digits": verification.passwords.digits,
        "code_digits": verification.code.digits,
    }


def _agent_hours(settings: Settings, language: str) -> str:
    """The opening hours of the default agent queue for callers of a language."""
    fitting = (row for row in settings.routing if row.intent is None and row.language in (None, language))
    queue = settings.queues[next(fitting).queue]
    return value_formats.opening_hours(read_hours(settings.hours[queue.hours]).week, language)


def _texts(folder: Path, pattern: str) -> Mapping[str, str]:
    if not folder.is_dir():
        raise ConfigurationError(message("there is no folder {folder}; run from the project's folder", folder=folder))
    paths = sorted(path for path in folder.glob(pattern) if not path.name.endswith(TRANSCRIPT))
    return {path.name: _text(path) for path in paths}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")  # an invalid byte is reported at its line


def _recordings(folder: Path) -> Mapping[str, str]:
    """File name -> digest, so that a changed recording changes the bundle hash."""
    paths = sorted(folder.glob("*.wav")) if folder.is_dir() else []
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in paths}


def _lengths(folder: Path, names: Collection[str]) -> Mapping[str, float]:
    """File name -> seconds; for a file that is no PCM WAV the text's estimated length is used instead."""
    found: dict[str, float] = {}
    for name in names:
        try:
            with wave.open(str(folder / name), "rb") as sound:
                found[name] = round(sound.getnframes() / sound.getframerate(), 2)
        except (wave.Error, EOFError, ZeroDivisionError):
            continue
    return found
