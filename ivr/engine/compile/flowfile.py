"""Parses one flow file from its YAML tree into steps, and reports every fault."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import Field, ValidationError, field_validator

from ivr.engine.ask_settings import AskSettings, StepPart
from ivr.engine.findings import Finding
from ivr.engine.keypad import KEYS, SIGNS
from ivr.engine.node import Node
from ivr.engine.references import INLINE, FlowName, PromptKey, Target, references
from ivr.engine.registry import read_step, step_keys
from ivr.engine.values import VARIABLE_TYPES
from ivr.foundation.messages import message
from ivr.foundation.strictyaml import Mapping as YamlMapping
from ivr.foundation.strictyaml import Text, describe_shape_error, fullwidth_sign, location_of, without_follow_ups

_INLINE = {INLINE: read_step}
_HIDDEN = message("Callers would not reach this flow")


class Keys(StepPart):
    """Global keys."""

    keys: dict[str, Target] = Field(default_factory=dict)

    @field_validator("keys", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        for key in value if isinstance(value, dict) else ():
            if key not in KEYS:
                raise ValueError(
                    message("'{key}' is not a telephone key; keys are {words}", key=key, words=", ".join(KEYS))
                )
        return value


class Defaults(Keys):
    """Settings that questions inherit: ask settings, and global keys."""

    ask: AskSettings = Field(default_factory=AskSettings)


class VariableDeclaration(StepPart):
    """The declaration of a flow variable."""

    type: str = Field(json_schema_extra={"enum": list(VARIABLE_TYPES)})
    secret: bool = False

    @field_validator("type")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in VARIABLE_TYPES:
            raise ValueError(
                message("'{value}' is not a type; types are {words}", value=value, words=", ".join(VARIABLE_TYPES))
            )
        return value


class FlowHead(StepPart):
    """A flow file whose steps are not parsed yet."""

    flow: FlowName
    start: str
    intent: str = Field("", description="what a caller here wants, for routing and for the agent")
    defaults: Defaults = Field(default_factory=Defaults)
    variables: dict[str, VariableDeclaration] = Field(default_factory=dict)
    steps: dict[str, Any] = Field(min_length=1)


class SharedDefaults(Defaults):
    """flows/defaults.yaml: what every flow inherits, and the steps that a call goes to by itself."""

    words: dict[str, PromptKey] = Field(default_factory=dict, description="key -> words that mean it, in any menu")
    authenticate: dict[str, FlowName] = Field(description="level -> the flow that proves it")
    entry: Target = Field(description="where a call begins")
    exit: Target = Field(description="where a call goes that passed a limit")


@dataclass(slots=True)
class Draft:
    """A flow that is parsed but not linked."""

    file: str
    head: FlowHead
    nodes: dict[str, Node] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)  # steps that are written but could not be parsed


def shape_findings(
    error: ValidationError, tree: Any, file: str, place: str, known: Collection[str] = ()
) -> Iterator[Finding]:
    """pydantic's errors as findings with source positions; `known` are the keys that could have been meant."""
    for item in without_follow_ups(error.errors()):
        line, column = location_of(tree, item["loc"])
        problem, remedy = describe_shape_error(item, known, "docs/flow-language.md")
        given = item["input"]
        # a full-width sign is the root cause, whatever pydantic reports
        if isinstance(given, Text) and (sign := fullwidth_sign(given)) is not None:
            line, column, problem, remedy = given.line, given.column + sign[0], *sign[1:]
        yield Finding(file, line, column, "shape", place, problem, _HIDDEN, remedy)


def read_flow(tree: YamlMapping, file: str) -> tuple[Draft | None, list[Finding]]:
    """A draft of the flow, and every fault in its shape."""
    try:
        draft = Draft(file, FlowHead.model_validate(tree, context=_INLINE))
    except ValidationError as error:
        return None, list(shape_findings(error, tree, file, str(tree.get("flow", ""))))
    findings: list[Finding] = []
    for name, raw in cast(YamlMapping, tree["steps"]).items():
        faults = _read_one(draft, str(name), raw, (getattr(name, "line", 1), getattr(name, "column", 1)))
        if faults:
            draft.refused.add(str(name))
        findings += faults
    return draft, findings


def _read_one(draft: Draft, name: str, raw: Any, at: tuple[int, int]) -> list[Finding]:
    place = f"{draft.head.flow}.{name}"
    line, column = at
    if name in ("end", "return", "back", "repeat"):
        problem = message("'{name}' is a command", name=name)
        return [Finding(draft.file, line, column, "reserved", place, problem, _HIDDEN, message("choose another name"))]
    if not FlowName.pattern.fullmatch(name):
        problem, remedy = (
            message("no step can lead to '{name}'", name=name),
            message("a step's name is small letters, digits and _, such as read_back"),
        )
        return [Finding(draft.file, line, column, "reserved", place, problem, _HIDDEN, remedy)]
    if not isinstance(raw, dict):
        remedy = message("write  {{say: a.prompt, then: next}}")
        return [Finding(draft.file, line, column, "shape", place, message("a step is a mapping"), _HIDDEN, remedy)]
    try:
        node = read_step(raw)
    except ValidationError as error:
        return list(shape_findings(error, raw, draft.file, place, step_keys(raw)))
    except ValueError as error:
        return [Finding(draft.file, line, column, "shape", place, error.args[0], _HIDDEN)]
    _name_inline_steps(draft, name, node, (line, column))
    return []


def _name_inline_steps(draft: Draft, name: str, node: Node, at: tuple[int, int]) -> None:
    """Name inline steps after the step they are written in: bill/1, bill/2."""
    draft.nodes[name], draft.places[name] = node, at
    number = 0
    for word in references(node):
        if isinstance(word, Target) and word.inline is not None:
            number += 1
            word.step = f"{name}/{number}"
            _name_inline_steps(draft, word.step, word.inline, (word.line, word.column))


def read_defaults(tree: YamlMapping, file: str) -> tuple[SharedDefaults | None, list[Finding]]:
    """Parses flows/defaults.yaml."""
    try:
        return SharedDefaults.model_validate(tree, context=_INLINE), []
    except ValidationError as error:
        return None, list(shape_findings(error, tree, file, "defaults"))


def key_map(keys: Mapping[str, Target]) -> dict[str, Target]:
    """Keys as a telephone sends them: star and hash become * and #."""
    return {SIGNS.get(key, key): target for key, target in keys.items()}
