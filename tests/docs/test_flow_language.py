"""docs/flow-language.md is the language as it is: its examples build, its tables say what the code says."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr.calls.publishing.sources import constants_of, read_sources
from ivr.calls.services.registry import catalogue
from ivr.engine.ask_settings import AskSettings
from ivr.engine.expressions import BUILT_IN
from ivr.engine.findings import FlowFaults
from ivr.engine.node import Node
from ivr.engine.registry import step_types
from ivr.engine.sources import Sources, build
from ivr.engine.speech.value_formats import FORMATS, speak
from ivr.engine.transcripts import play_text
from ivr.engine.transcripts.reading import CALL_KEYS, WORDS
from ivr.engine.values import VARIABLE_TYPES
from ivr.foundation.config import Settings, read_settings
from ivr.foundation.hours import table_faults
from ivr.foundation.strictyaml import read_text
from tests.docs.documents import DOCS, ROOT, Block, blocks, cells, section

TEXT = (DOCS / "flow-language.md").read_text(encoding="utf-8")
EXAMPLES: Mapping[str, tuple[Any, Any]] = {  # what the table of formats shows, in Mandarin and in English
    "text": ("电费", "electricity"), "money": (18640, 18640), "number": (38, 38), "count": (2, 2), "minutes": (90, 90),
    "digits": ("3100458812", "3100458812"), "last4": ("6222021001122334458", "6222021001122334458"),
    "phone": ("+8613800138000", "+8613800138000"), "date": ("2026-11-29", "2026-11-29"), "time": ("09:05", "09:05"),
    "datetime": ("2026-11-29T09:05:00+08:00", "2026-11-29T09:05:00+08:00"), "yuan": (18640, 18640),
    "figures": (120, 120), "day": ("2026-11-29", "2026-11-29"),
    "stamp": ("2026-11-29T09:05:00+08:00", "2026-11-29T09:05:00+08:00"),
}  # fmt: skip
YAML = [block for block in blocks(TEXT, "yaml") if not block.text.startswith("variables:")]
FLOWS = [block for block in YAML if block.text.startswith("flow:")]
CALLS = [block for block in YAML if "- call:" in block.text]
HOURS = [block for block in YAML if block.text.startswith("hours:")]
STEPS = [block for block in YAML if block not in FLOWS and block not in CALLS and block not in HOURS]


@pytest.fixture(scope="module")
def sources() -> Sources:
    """The project's flows and prompts."""
    return read_sources(ROOT, read_settings(ROOT / "config.yaml"))


def with_flow(sources: Sources, text: str) -> Sources:
    return replace(sources, flows={**sources.flows, "example.yaml": text})


def indented(text: str) -> str:
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))


def wrapped(steps: str) -> str:
    """A flow of the steps of an example, with the variables and the steps that the document names for all of them."""
    [variables] = [block.text for block in blocks(TEXT, "yaml") if block.text.startswith("variables:")]
    begin = next(iter(read_text(steps)))
    around = "  next: {go: main.menu}\n  menu: {go: main.menu}\n"
    return f"flow: example\nstart: {begin}\n{variables}steps:\n{indented(steps)}{around}"


@pytest.mark.parametrize("block", FLOWS, ids=lambda block: f"line {block.line}")
def test_a_whole_flow_builds(block: Block, sources: Sources) -> None:
    """Building refuses a flow with a fault; what it built is the flow that the document shows, step by step."""
    shown: Any = read_text(block.text)
    built = build(with_flow(sources, block.text), catalogue()).flows[shown["flow"]]
    written = [step for step in built.steps if "/" not in step]  # a step within a step is named find/1
    assert (built.start, written) == (shown["start"], list(shown["steps"]))


def test_the_table_of_opening_hours_is_one() -> None:
    [block] = HOURS
    shown: Any = read_text(block.text)
    assert [fault for table in shown["hours"].values() for fault in table_faults(table)] == []


@pytest.mark.parametrize("block", STEPS, ids=lambda block: f"line {block.line}")
def test_an_example_of_steps_builds_and_its_prompts_exist(block: Block, sources: Sources) -> None:
    bundle = build(with_flow(sources, wrapped(block.text)), catalogue())
    known = bundle.prompts["zh-CN"].prompts.keys() | bundle.prompts["zh-CN"].words.keys()
    spoken = set(re.findall(r"\b[a-z_]+\.[a-z_]+\b", block.text)) - {
        f"{f}.{s}" for f in bundle.flows for s in bundle.flows[f].steps
    }
    assert {word for word in spoken if word not in known and not word.startswith("return.")} == set()


@pytest.mark.parametrize("block", CALLS, ids=lambda block: f"line {block.line}")
def test_the_calls_that_are_written_down_are_played(block: Block, sources: Sources) -> None:
    results = play_text(build(sources, catalogue()), "flow-language.md", block.text)
    assert len(results) >= 2
    assert [result.problem for result in results if result.problem] == []


def test_every_word_of_a_call_is_named() -> None:
    text = section(TEXT, "Calls written down as tests")
    assert [word for word in (*WORDS, *CALL_KEYS) if f"`{word}`" not in text] == []


def test_every_step_type_has_its_section_and_no_other() -> None:
    titles = re.findall(r"^### (\w+)$", section(TEXT, "Steps"), re.MULTILINE)
    assert sorted(titles) == sorted(step_types())


def keys(node_type: type[Node]) -> Iterator[str]:
    """The YAML keys of a step type beside those that every question has."""
    for name, field in node_type.model_fields.items():
        if name not in AskSettings.model_fields:
            yield field.alias or name


@pytest.mark.parametrize("verb", sorted(step_types()))
def test_a_step_types_section_names_every_key(verb: str) -> None:
    text = section(TEXT, verb)
    missing = [key for key in keys(step_types()[verb]) if not re.search(rf"\b{key}\"?: ?", text)]
    assert missing == [], verb


def test_every_question_key_is_in_the_table() -> None:
    assert {row[0] for row in cells(section(TEXT, "Asking"), "key")} == set(AskSettings.model_fields)


def test_the_defaults_are_those_of_defaults_yaml() -> None:
    ask: Any = read_text((ROOT / "flows" / "defaults.yaml").read_text(encoding="utf-8"))["ask"]
    shown = {row[0]: row[1] for row in cells(section(TEXT, "Asking"), "key")}
    assert shown == {name: str(value).replace("'", "") for name, value in ask.items()}


def test_every_format_is_shown_as_it_is_spoken() -> None:
    rows = {row[0].split()[0]: row[2:] for row in cells(section(TEXT, "Prompts"), "format")}
    assert rows.keys() == FORMATS.keys()
    for name, (mandarin, english) in EXAMPLES.items():
        assert rows[name] == [speak(mandarin, name, "zh-CN"), speak(english, name, "en")]


def test_types_constants_and_built_in_names_are_complete(settings: Settings) -> None:
    text = section(TEXT, "Variables, constants, conditions")
    billers = {f"number_of_{each.id}" for each in settings.billers.values()}
    names = [*VARIABLE_TYPES, *sorted(set(constants_of(settings)) - billers), "number_of_<id>", *BUILT_IN]
    assert [name for name in names if f"`{name}`" not in text] == []


def codes_in(path: Path) -> Iterator[str]:
    """The codes of findings that a module makes: the first text among the arguments, where it is a code."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and _called(call) in ("Finding", "finding", "_find"):
            texts = [a.value for a in call.args[:5] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from texts[:1]


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def test_every_code_of_a_finding_is_in_the_table() -> None:
    engine = ROOT / "ivr" / "engine"
    made = {code for path in engine.rglob("*.py") for code in codes_in(path)}
    listed = {code for row in cells(section(TEXT, "What is checked"), "check") for code in row[1].split()}
    assert {code for code in made if re.fullmatch("[a-z-]+", code)} <= listed
    everything = "".join(path.read_text(encoding="utf-8") for path in engine.rglob("*.py"))
    assert [code for code in listed if f'"{code}"' not in everything] == []


def test_the_finding_that_is_shown_is_the_one_that_is_printed(sources: Sources) -> None:
    main = sources.flows["main.yaml"].replace("then: balance.start", "then: balance.strat")
    with pytest.raises(FlowFaults) as refused:
        build(replace(sources, flows={**sources.flows, "main.yaml": main}), catalogue())
    place = re.compile(r"main\.yaml:\d+")  # an option more above it moves the line, not what is said
    assert place.sub("main.yaml", str(refused.value)) in place.sub("main.yaml", TEXT)
