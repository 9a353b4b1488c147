"""The flows of the product pass all checks, match the schema, and have a transcript for every outcome."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from ivr.calls.publishing.sources import TRANSCRIPT
from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import check
from ivr.engine.checks.graph import contract_of
from ivr.engine.checks.simulation import named_prompts
from ivr.engine.compile.schema import flow_schema_text
from ivr.engine.question import Question
from ivr.engine.transcripts import Coverage, Result, play_text
from ivr.engine.transcripts.playing import _Call, _calls
from ivr.engine.transcripts.reading import Row, TranscriptTurn, read_transcripts
from tests.support.seeding import built

ROOT = Path(__file__).parents[1]
FLOWS = sorted(p.stem for p in (ROOT / "flows").glob("*.yaml") if not p.name.endswith((TRANSCRIPT, "defaults.yaml")))


def product() -> Bundle:
    """The flows and prompts as they stand in the project."""
    return built()[1]


@cache
def played(flow: str) -> tuple[Result, ...]:
    """Every call of the transcript beside a flow."""
    path = ROOT / "flows" / f"{flow}{TRANSCRIPT}"
    return tuple(play_text(product(), f"flows/{path.name}", path.read_text(encoding="utf-8")))


def missing(flow: str) -> list[str]:
    """What no call of a flow's own transcript shows."""
    coverage = Coverage(product())
    for result in played(flow):
        coverage.add(result.trail)
    return [f"{place}: {what}" for place, what in coverage.missing(flow)]


def test_every_flow_that_is_built_is_tested_here() -> None:
    assert sorted(product().flows) == FLOWS


def test_the_flows_pass_every_proof() -> None:
    assert [str(finding) for finding in check(product())] == []


@pytest.mark.parametrize("flow", FLOWS)
def test_every_call_goes_as_it_is_written(flow: str) -> None:
    assert [f"{r.file}:{r.line}: {r.name}: {r.problem}" for r in played(flow) if r.problem] == []


@pytest.mark.parametrize("flow", FLOWS)
def test_every_outcome_silence_and_wrong_key_has_a_call(flow: str) -> None:
    """Fails when someone adds a step, an option or an outcome without a call that shows what callers hear then."""
    assert missing(flow) == [], "write such a call into the flow's .test.yaml; python -m ivr flow test --missing"


@pytest.mark.parametrize("flow", FLOWS)
def test_the_outcomes_counted_are_those_that_services_declare(flow: str) -> None:
    """The count above looks at the flow, this one at the contracts: neither forgets what the other has."""
    seen = {behaviour for result in played(flow) for behaviour in result.trail}
    steps = product().flows[flow].steps.values()
    assert [f"{place}: {word}" for step in steps for place, word in _declared(step) if (place, word) not in seen] == []


def _declared(step: Step) -> list[tuple[str, str]]:
    contract = contract_of(product(), step)
    if contract is None or isinstance(step.node, Question):
        return []
    return [(step.qualified_name, word) for word in sorted({*contract.outcomes, *step.node.results(contract)})]


@pytest.mark.parametrize("flow", FLOWS)
def test_a_call_says_what_is_heard_or_where_it_ends(flow: str) -> None:
    """A call without a check shows an outcome and proves nothing of it."""
    tree = YAML(typ="safe", pure=True).load((ROOT / "flows" / f"{flow}{TRANSCRIPT}").read_text(encoding="utf-8"))
    assert [name for name, rows in tree.items() if not any(row.keys() & {"hear", "ends_in"} for row in rows)] == []


def test_an_outcome_that_no_call_shows_is_named() -> None:
    coverage = Coverage(product())
    for result in played("bills"):
        coverage.add(each for each in result.trail if each != ("bills.pay", "no_funds"))
    assert coverage.missing("bills") == [("bills.pay", "no_funds")]


def test_the_schema_for_editors_is_current() -> None:
    assert (ROOT / "docs" / "flow.schema.json").read_text(encoding="utf-8") == flow_schema_text()


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_validates_against_the_committed_schema(flow: str) -> None:
    schema = json.loads((ROOT / "docs" / "flow.schema.json").read_text(encoding="utf-8"))
    tree = YAML(typ="safe", pure=True).load((ROOT / "flows" / f"{flow}.yaml").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(tree)] == []


class Habitual(_Call):
    """A caller of a transcript who presses # behind every entry that is complete."""

    def take(self, turn: TranscriptTurn) -> None:
        super().take(turn)
        if (
            turn.action.word == "press"
            and self.session is not None
            and self.session.entry_timestamp
            and not self.session.ended
        ):
            self.heard, heard = [], self.heard
            super().take(TranscriptTurn(Row("stray", "hash", turn.action.line)))
            self.heard = heard


@pytest.mark.parametrize("flow", FLOWS)
def test_a_finishing_key_behind_every_entry_changes_no_call(flow: str) -> None:
    """Every question of every flow, as the transcripts come to it; what is written must be heard all the same."""
    path = ROOT / "flows" / f"{flow}{TRANSCRIPT}"
    bundle = replace(product(), prompts=named_prompts(product()))
    for transcript in read_transcripts(path.read_text(encoding="utf-8")):
        _, language = next(_calls(bundle, transcript))
        call = Habitual(bundle, language)
        for turn in transcript.turns:
            call.take(turn)


def test_no_english_prompt_puts_an_article_before_a_value() -> None:
    """Who wrote "a {biller_name} bill" has not heard "a electricity bill"."""
    article = re.compile(r"\b(an?)\s+\{", re.IGNORECASE)
    texts = {key: str(each) for key, each in _leaves(YAML(typ="safe").load(ROOT / "prompts" / "en.yaml"))}
    assert [key for key, text in texts.items() if article.search(text)] == []


def _leaves(tree: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value
