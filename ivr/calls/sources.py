"""Reads the folder of flows and prompts, and what config.yaml adds to them, into the sources of a bundle."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ivr.config import Settings
from ivr.engine.findings import Finding, near
from ivr.engine.sources import Sources
from ivr.errors import ConfigurationError
from ivr.messages import Message, message

TRANSCRIPT = ".test.yaml"  # tests of a flow, no part of a bundle


def read_sources(root: Path, settings: Settings, rules: Mapping[str, Any] | None = None) -> Sources:
    """The sources in `root`/flows and `root`/prompts; raises `ConfigurationError` where a folder is missing.

    `rules` are those of the settings, unless others are given.

    Flows and prompts may speak these constants beside their own variables:
    bank_name (in the caller's language), each_limit and day_limit (fen, of transfers), repeat_minutes (an equal
    transfer within them is asked about), held_hours (transfers after a change of password), oral_days (of an oral
    report of loss), query_minutes (a query password is good for), valid_seconds and resend_seconds (of a code),
    password_digits and code_digits.
    """
    flows = _texts(root / "flows", "*.yaml")
    rules = rules_of(settings) if rules is None else rules
    files = {f"{language}.yaml": root / "prompts" / f"{language}.yaml" for language in rules["languages"]}
    prompts = {name: _text(path) for name, path in files.items() if path.exists()}  # what is missing is a finding
    recordings = {language: _recordings(root / "prompts" / language) for language in rules["languages"]}
    return Sources(flows, prompts, rules, recordings)


def strays(root: Path, flows: Collection[str] | None = None) -> list[Finding]:
    """Files of the folder that nobody reads: of another ending, and transcripts of no flow where `flows` are known."""
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
            found.append(_stray(path, problem, effect, near(name, flows or ())))
    return found


def _stray(path: Path, problem: Message, effect: Message, remedy: Message) -> Finding:
    return Finding(f"{path.parent.name}/{path.name}", 1, 1, "file", "", problem, effect, remedy)


def rules_of(settings: Settings) -> dict[str, Any]:
    """The part of config.yaml that a bundle holds, as plain data."""
    return {
        "languages": list(settings.languages),
        "hours": {name: {days: list(spans) for days, spans in week.items()} for name, week in settings.hours.items()},
        "holidays": list(settings.holidays),
        "zone": settings.bank.time_zone,
        "routing": [row.model_dump(exclude_none=True) for row in settings.routing],
        "queues": list(settings.queues),
        "billers": [biller.id for biller in settings.billers.values()],
        "limits": settings.call.model_dump(),
        "constants": constants_of(settings),
    }


def constants_of(settings: Settings) -> dict[str, Any]:
    """What flows and prompts can speak beside variables; see `read_sources`."""
    verification, transfer = settings.verification, settings.transfer
    return {
        "bank_name": dict(settings.bank.name),
        "each_limit": transfer.each_yuan,
        "day_limit": transfer.a_day_yuan,
        "repeat_minutes": transfer.repeat_minutes,
        "held_hours": transfer.held_hours_after_password_change,
        "oral_days": settings.card_loss.oral_report_days,
        "query_minutes": verification.query.valid_minutes,
        "valid_seconds": verification.code.valid_seconds,
        "resend_seconds": verification.code.resend_seconds,
        "password_digits": verification.passwords.digits,
        "code_digits": verification.code.digits,
    }


def _texts(folder: Path, pattern: str) -> Mapping[str, str]:
    if not folder.is_dir():
        raise ConfigurationError(message("there is no folder {folder}; run from the project's folder", folder=folder))
    paths = sorted(path for path in folder.glob(pattern) if not path.name.endswith(TRANSCRIPT))
    return {path.name: _text(path) for path in paths}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")  # a wrong byte is a fault of its line


def _recordings(folder: Path) -> Mapping[str, str]:
    """File name -> digest, so that another recording makes another bundle."""
    paths = sorted(folder.glob("*.wav")) if folder.is_dir() else []
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in paths}
