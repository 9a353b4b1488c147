"""The JSON Schema for editors: current, complete, accepted by every flow, and rejecting a wrong key."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from ivr.engine.compile.flowfile import read_flow
from ivr.engine.compile.schema import flow_schema, flow_schema_text
from ivr.engine.registry import step_types
from ivr.engine.values import VARIABLE_TYPES
from ivr.foundation.strictyaml import YamlFault, read_text
from tests.engine.small_bank import MAIN, VERIFY
from tests.engine.step_cases import INNER, PLAYED, flows

ROOT = Path(__file__).parents[2]
FLOWS = sorted(p for p in (ROOT / "flows").glob("*.yaml") if not p.name.endswith((".test.yaml", "defaults.yaml")))
SCHEMA = Draft202012Validator(flow_schema())


def problems(text: str) -> list[str]:
    """What an editor would underline in a flow; to an editor every key is a text."""
    tree = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))
    return [error.message for error in SCHEMA.iter_errors(tree)]


def test_the_committed_schema_is_current() -> None:
    committed = (ROOT / "docs" / "flow.schema.json").read_text(encoding="utf-8")
    assert committed == flow_schema_text(), "run: python -m ivr flow schema"


def test_it_is_a_schema_with_one_entry_for_each_step_type() -> None:
    Draft202012Validator.check_schema(flow_schema())
    definitions = flow_schema()["$defs"]
    assert step_types().keys() <= definitions.keys()
    named = {way["$ref"].rpartition("/")[2] for way in definitions["step"]["anyOf"]}
    assert named == step_types().keys()


def test_every_key_of_a_step_type_is_completed_and_explained() -> None:
    for verb, node in step_types().items():
        entry = flow_schema()["$defs"][verb]
        refused = {"interrupt"} if verb == "confirm" else set()  # it is always heard whole
        named = {field.alias or name for name, field in node.model_fields.items()}
        assert entry["properties"].keys() == named - refused
        assert verb in entry["required"]
        assert entry["additionalProperties"] is False


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
def test_every_flow_passes(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", [MAIN, VERIFY, INNER, *(flows(case.steps)["main"] for _, case in PLAYED)])
def test_what_the_loader_takes_an_editor_takes(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("say: main.hello", "sya: main.hello"), ("then: menu}", "thn: menu}"), ("start: menu", "begin: menu"),
        ("closed: bye, full", "closed: [bye], full"), ("end: common.bye", "end: common.bye, then: menu"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_underlined(right: str, wrong: str) -> None:
    assert right in MAIN
    assert problems(MAIN.replace(right, wrong)) != []


def test_the_schema_names_nothing_that_only_pydantic_knows() -> None:
    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for item in value.values() for key in keys(item)}
        return {key for item in value for key in keys(item)} if isinstance(value, list) else set()

    assert keys(json.loads(flow_schema_text())).isdisjoint({"x-target", "ge", "le"})


ASK = "  ask: {collect: number, prompt: main.hello, %s, then: menu}\n"
CHOOSE = "  ask: {menu: main.hello, %s}\n"
DECLARED = "steps:", "variables: {number: {type: digits%s}, some: {type: list}, it: {type: choice}}\nsteps:"


def both(extra: str, declared: str = "") -> tuple[bool, bool]:
    """Whether the loader takes a flow with a step more, and whether an editor does."""
    text = MAIN.replace(DECLARED[0], DECLARED[1] % declared) + extra
    _, found = read_flow(read_text(text), "flows/main.yaml")
    return found == [], problems(text) == []


@pytest.mark.parametrize(
    ("extra", "declared"),
    [
        *((ASK % f"digits: {{exactly: 6}}, {each}", "") for each in ("wait: 1s", "wait: 60s", "wait: 7", "wait: 1min",
          "wait: 6 s", "interrupt: no", "interrupt: yes", "interrupt: true", "date: false", "date: no", "tries: 9")),
        *((ASK % each, "") for each in ("date: yes", "date: true", "amount: {at_most: 5000}", "digits: {max: 9}",
          'amount: {at_least: "0.01"}', "digits: {max: 9, min: 4, lengths: [5, 9]}", "digits: {exactly: 9, star: X}")),
        *((CHOOSE % f"options: {{{key}: bye}}", "") for key in ('"1"', "0", "star", "hash")),
        (CHOOSE % "options: {1: {then: bye, words: main.words}}", ""),
        (CHOOSE % "choices: some, each: main.each, into: it, then: bye", ""),
        (CHOOSE % "choices: some, each: main.each, into: it, then: bye, only_one: off, options: {8: end}", ""),
        ("", ", secret: yes"),
        ("", ", secret: false"),
    ],
)  # fmt: skip
def test_what_is_right_is_right_to_both(extra: str, declared: str) -> None:
    assert both(extra, declared) == (True, True)


@pytest.mark.parametrize(
    ("extra", "declared"),
    [
        *((ASK % f"digits: {{exactly: 6}}, {each}", "") for each in ("wait: 0s", "wait: 500ms", 'wait: "0:10"',
          "wait: 0", "wait: 61s", "wait: 2min", "interrupt: never", "date: true", "amount: {at_most: 9}", "tries: 0")),
        *((ASK % each, "") for each in ("wait: 6s", "date: no", "digits: {}", "digits: {exactly: 6, max: 8}",
          "digits: {min: 4}", "digits: {exactly: 6, min: 4}", "digits: {max: 9, star: XY}", "amount: {at_most: much}")),
        *((CHOOSE % f"options: {{{key}: bye}}", "") for key in ("“1”", "10", '"*"', '"#"', "one")),
        (CHOOSE % "wait: 6s", ""),
        (CHOOSE % "options: {}", ""),
        (CHOOSE % "choices: some, each: main.each, into: it", ""),
        (CHOOSE % "choices: some, options: {1: bye}", ""),
        *((f"  {name}: {{end: common.bye}}\n", "") for name in ("end", "return", "back", "repeat")),
        ("  ask: {go: 好}\n", ""),
        ("", ", secret: maybe"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_wrong_to_both(extra: str, declared: str) -> None:
    try:
        seen = both(extra, declared)
    except YamlFault:  # a full-width sign is no shape to the loader: it is no YAML
        assert problems(MAIN + extra) != []
        return
    assert seen == (False, False)


def test_a_type_that_is_none_is_wrong_to_both_and_the_types_are_completed() -> None:
    assert both("", "}, day: {type: dat") == (False, False)
    assert flow_schema()["$defs"]["VariableDeclaration"]["properties"]["type"]["enum"] == list(VARIABLE_TYPES)


def test_a_key_for_every_menu_of_a_flow_is_a_key_of_a_telephone() -> None:
    for key, right in (("star", True), ("0", True), ("10", False), ("pound", False)):
        text = MAIN.replace("steps:", f'defaults: {{keys: {{"{key}": bye}}}}\nsteps:')
        _, found = read_flow(read_text(text), "flows/main.yaml")
        assert (found == [], problems(text) == []) == (right, right), key
