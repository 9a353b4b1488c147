"""Service stubs of a transcript: the written answer, checked against the contract, or a sample."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.engine.actions import Invoke
from ivr.engine.bundle import Bundle
from ivr.engine.checks.simulation import answered, sample, sample_items
from ivr.engine.events import ServiceAnswered
from ivr.engine.findings import suggestion
from ivr.engine.transcripts.reading import Row, TranscriptFault
from ivr.foundation.messages import message
from ivr.foundation.money import parse_yuan

_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stub:
    """The answer that a transcript gives for a service."""

    service: str
    outcome: str
    facts: dict[str, Any]
    line: int


def stub_of(bundle: Bundle, row: Row) -> Stub:
    """The stub of a `service:` row. Raises `TranscriptFault` for what the contract does not declare."""
    if not isinstance(row.value, dict) or not row.value:
        raise TranscriptFault(row.line, message("write  service: {{find_bill: found}}"))
    (service, outcome), *rest = row.value.items()
    facts = dict(rest)
    if isinstance(outcome, dict) and outcome:  # a fact named like its service is nested under the outcome
        (outcome, facts), *_ = outcome.items()
    if not isinstance(outcome, str) or not isinstance(facts, dict):
        raise TranscriptFault(
            row.line, message("write  service: {{find_bill: found}}  or  {{find_bill: {{found: {{amount: 86.50}}}}}}")
        )
    contract = bundle.services.get(service)
    if contract is None:
        raise TranscriptFault(
            row.line,
            message(
                "there is no service '{service}'; {near}", service=service, near=suggestion(service, bundle.services)
            ),
        )
    if outcome not in contract.outcomes:
        raise TranscriptFault(
            row.line,
            message(
                "'{service}' never answers '{outcome}'; {near}",
                service=service,
                outcome=outcome,
                near=suggestion(str(outcome), contract.outcomes),
            ),
        )
    allowed = contract.outcomes[outcome]
    for name in facts:
        if name not in allowed:
            raise TranscriptFault(
                row.line,
                message(
                    "'{service}' finds no '{name}' then; {near}",
                    service=service,
                    name=name,
                    near=suggestion(name, allowed),
                ),
            )
    given = {str(name): _typed(contract.outputs.get(name, "text"), value, row.line) for name, value in facts.items()}
    return Stub(str(service), str(outcome), given, row.line)


_WRITTEN = {
    "money": message("amounts are written in yuan, such as 86.50"),
    "list": message("write its items, or how many there are"),
    "number": message("write a whole number, such as 3"),
    "flag": message("write true or false"),
}


def _typed(kind: str, value: Any, line: int) -> Any:
    """A fact in its type: money is written in yuan, a list as its items or as their number."""
    if kind not in _WRITTEN or (kind == "list" and not isinstance(value, str)):
        return value
    read = _READ[kind](value) if isinstance(value, str) else None
    if read is None:
        raise TranscriptFault(
            line, message("'{value}' is not of type {kind}; {written}", value=value, kind=kind, written=_WRITTEN[kind])
        )
    return read


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _several(text: str) -> list[Any] | None:
    count = _whole(text)
    return None if count is None else sample_items(count)


_READ: Mapping[str, Callable[[str], Any]] = {
    "money": parse_yuan,
    "list": _several,
    "number": _whole,
    "flag": {"true": True, "false": False}.get,
}


def answer(bundle: Bundle, invoke: Invoke, stubs: list[Stub], at: datetime) -> ServiceAnswered:
    """The answer of a service: the first remaining stub for it, or its first outcome with samples."""
    contract = bundle.services[invoke.service]
    stub = next((each for each in stubs if each.service == invoke.service), None)
    if stub is not None:
        stubs.remove(stub)
    outcome = stub.outcome if stub is not None else next(iter(contract.outcomes))
    facts = {name: sample(contract.outputs.get(name, "text"), 1) for name in contract.outcomes[outcome]}
    return answered(contract, outcome, facts | (stub.facts if stub is not None else {}), at)
