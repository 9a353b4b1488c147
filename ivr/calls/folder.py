"""A folder of config.yaml, flows and prompts, checked as a whole: no fault of one file hides those of another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ivr.calls.sources import read_sources, rules_of, strays
from ivr.config import Reading, read_config
from ivr.engine import proofs
from ivr.engine.bundle import Bundle
from ivr.engine.findings import Finding, FlowFaults
from ivr.engine.sources import Sources, build
from ivr.services.registry import catalogue
from ivr.strictyaml import place_of

CONFIG = "config.yaml"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a folder holds; `bundle` is None where it could not be built. No findings: it may be published."""

    sources: Sources
    bundle: Bundle | None
    findings: tuple[Finding, ...]


def check_folder(root: Path, progress: Callable[[str], None] = lambda _: None, *, prove: bool = True) -> Checked:
    """Everything that is wrong in a folder; without `prove`, only what keeps it from being read and built.

    Raises `ConfigurationError` where config.yaml or a folder is missing.
    """
    reading = read_config(root / CONFIG)
    sources = read_sources(root, reading.settings, _rules(root, reading))
    bundle, found = None, []
    try:
        bundle = build(sources, catalogue())
        if prove:
            found = proofs.check(bundle, progress=progress)
    except FlowFaults as faults:
        found = list(faults.findings)
    certain = (each for each in found if each.code not in reading.doubtful)
    findings = [*_config(reading), *(_placed(reading, each) for each in certain)]
    if prove or not bundle:
        findings += strays(root, bundle.flows if bundle else None)
    return Checked(sources, bundle, tuple(sorted(findings)))


def _config(reading: Reading) -> Iterator[Finding]:
    for f in reading.faults:
        yield Finding(CONFIG, f.line, f.column, f.code, f.place, f.problem, f.effect, f.remedy)


def _placed(reading: Reading, finding: Finding) -> Finding:
    """What a proof says of config.yaml, at the line of the keys that it names as the place."""
    if finding.file != CONFIG or finding.line > 1:
        return finding
    path = tuple(int(part) if part.isdecimal() else part for part in finding.place.split("."))
    line, column = place_of(reading.tree, path)
    return replace(finding, line=line, column=column)


def _rules(root: Path, reading: Reading) -> dict[str, Any]:
    """The rules of the settings; with faults in config.yaml, some that let the rest be checked."""
    rules = rules_of(reading.settings)
    if not reading.faults:
        return rules
    there = sorted(path.stem for path in (root / "prompts").glob("*.yaml"))
    languages = [each for each in dict.fromkeys(rules["languages"]) if each in there] or there
    queues = rules["queues"] or ["general"]
    names = rules["constants"]["bank_name"]
    return {
        **rules,
        "languages": languages,
        "queues": queues,
        "hours": {name: {} for name in rules["hours"]},
        "holidays": [],
        "routing": [*rules["routing"], {"queue": queues[0]}],
        "constants": {**rules["constants"], "bank_name": {each: names.get(each) or "-" for each in languages}},
    }
