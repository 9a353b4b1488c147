"""The schemas of config.yaml and of prompts: current, passed by the project's files, of one mind with the loader."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from ivr.engine.compile.prompt_files import read_prompts
from ivr.engine.compile.prompts_schema import prompts_schema, prompts_schema_text
from ivr.foundation.config.files import parse_config
from ivr.foundation.config.schema import config_schema, config_schema_text
from ivr.foundation.strictyaml import YamlFault, read_text

ROOT = Path(__file__).parents[1]
CONFIG = (ROOT / "config.yaml").read_text(encoding="utf-8")
PROMPTS = sorted((ROOT / "prompts").glob("*.yaml"))


def problems(text: str, schema: dict[str, Any]) -> list[str]:
    """What an editor would underline; to an editor every key is a text."""
    tree = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    return [error.message for error in Draft202012Validator(schema).iter_errors(tree)]


def test_the_committed_schemas_are_current_and_named_by_the_files() -> None:
    for name, text in (("config", config_schema_text()), ("prompts", prompts_schema_text())):
        assert (ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8") == text, "run: flow schema"
        Draft202012Validator.check_schema(json.loads(text))
    for path in (ROOT / "config.yaml", *PROMPTS):
        head = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert head.startswith("# yaml-language-server: $schema=")
        assert (path.parent / head.rpartition("=")[2]).exists()


def test_the_projects_own_files_pass() -> None:
    assert problems(CONFIG, config_schema()) == []
    assert {path.name: problems(path.read_text(encoding="utf-8"), prompts_schema()) for path in PROMPTS} == {
        path.name: [] for path in PROMPTS
    }


@pytest.mark.parametrize(
    ("right", "wrong", "fine"),
    [
        ("misses: 12", 'misses: "12"', True), ("misses: 12", "misses: 0", False), ("misses: 12", 'misses: "x"', False),
        ("misses: 12", "misses: 12.5", False), ("misses: 12", "misses: 1000", False), ("misses: 12", "misses:", False),
        ("each_yuan: 5000.00", 'each_yuan: "5000"', True), ("each_yuan: 5000.00", "each_yuan: -1", False),
        ("each_yuan: 5000.00", "each_yuan: 0.001", False), ("each_yuan: 5000.00", "each_yuan: much", False),
        ("minutes: 30", "minuts: 30", False), ("queues:", "queus:", False), ("digits: 6", "digits: 4", False),
        ("languages: [zh-CN, en]", "languages: zh-CN", False), ("working_hours:", "holidays:", False),
        ("intent: password, queue: security", "intent: password", False),
    ],
)  # fmt: skip
def test_config_schema_and_loader_agree(right: str, wrong: str, fine: bool) -> None:
    assert right in CONFIG
    text = CONFIG.replace(right, wrong, 1)
    shapes = [fault for fault in parse_config(read_text(text)).faults if fault.code == "shape"]
    assert (shapes == [], problems(text, config_schema()) == []) == (fine, fine)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("main: {menu: Press 1.}\n", True), ("main:\n  deep: {menu: a}\n", True), ("words: {one: [a, 2]}\n", True),
        ("main: {number: 3}\n", True), ("main: {on: true}\n", True), ("main: {menu: ''}\n", False),
        ("words: {one: []}\n", False), ("words: {one: [[a]]}\n", False), ("words: {one: ['']}\n", False),
        ("- a\n", False),
    ],
)  # fmt: skip
def test_prompts_schema_and_loader_agree(text: str, fine: bool) -> None:
    try:
        faults = [str(fault) for fault in read_prompts(read_text(text), "en", "prompts/en.yaml")[1]]
    except YamlFault as refused:
        faults = [str(refused)]
    assert (faults == [], problems(text, prompts_schema()) == []) == (fine, fine)
