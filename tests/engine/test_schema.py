"""The JSON Schema that editors use: current, complete, passed by every flow, and failed by a wrong key."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from ivr.engine.registry import step_types
from ivr.engine.schema import flow_schema, flow_schema_text
from tests.engine.house import MAIN, VERIFY
from tests.engine.step_cases import INNER, PLAYED, flows

ROOT = Path(__file__).parents[2]
FLOWS = sorted(p for p in (ROOT / "flows").glob("*.yaml") if not p.name.endswith((".test.yaml", "defaults.yaml")))
SCHEMA = Draft202012Validator(flow_schema())


def problems(text: str) -> list[str]:
    """What an editor would underline in a flow."""
    tree = YAML(typ="safe", pure=True).load(text)
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
        assert entry["properties"].keys() == {field.alias or name for name, field in node.model_fields.items()}
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
