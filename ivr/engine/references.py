"""The typed tokens of a flow: prompt keys, variable names, targets, durations. Each knows its source position."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml import Mapping, Text

_DURATION = re.compile(r"([0-9]{1,4})\s*(s|min)?", re.ASCII)
COMMANDS = ("back", "repeat", "end", "return")
ROUTED = "routed"  # used as a queue name: the queue that the routing rules select
INLINE = "step in place"  # key of the validation context that holds the parser of inline steps


def _place(value: Any) -> tuple[int, int]:
    return getattr(value, "line", 0), getattr(value, "column", 0)


class Word(Text):
    """A token that refers to something; each subclass says to what."""

    pattern = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)
    what: Message = message("a name in small letters, digits and _")

    @classmethod
    def _read(cls, value: Any) -> "Word":
        if not isinstance(value, str) or not cls.pattern.fullmatch(value):
            raise ValueError(message("'{value}' is not {what}", value=value, what=cls.what))
        return cls.at(value, *_place(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._read)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^({cls.pattern.pattern})$"}


class PromptKey(Word):
    """A key of prompts/<language>.yaml."""

    what: Message = message("a prompt key, such as bills.read_back")


class VariableName(Word):
    """A variable of the flow."""

    pattern = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
    what: Message = message("the name of a variable")


class FlowName(Word):
    """Another flow."""

    pattern = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
    what: Message = message("the name of a flow")


class ServiceName(Word):
    """A service that the program declares."""

    pattern = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
    what: Message = message("the name of a service")


class ConfigWord(Word):
    """A name that config.yaml defines; `section` says under which key."""

    pattern = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
    what: Message = message("a word of config.yaml")
    section = ""


class HoursName(ConfigWord):
    """Opening hours."""

    section = "hours"


class QueueName(ConfigWord):
    """A queue for agents."""

    section = "queues"


class LanguageName(ConfigWord):
    """A language that the hotline speaks."""

    section = "languages"


class Target:
    """Where a call goes next: a step, flow.step, a command (end, return.word, back, repeat), or an inline step.

    After linking, `flow` and `step` identify the step, or `command` and `outcome` the command and the word of a return.
    """

    __slots__ = ("column", "command", "flow", "inline", "line", "outcome", "step", "written")

    def __init__(self, written: str, inline: Any = None, place: tuple[int, int] = (0, 0)) -> None:
        self.written, self.inline = written, inline
        self.line, self.column = place
        self.flow = self.step = self.command = self.outcome = ""

    def __repr__(self) -> str:
        return self.command or (f"{self.flow}.{self.step}" if self.step else self.written)

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> "Target":
        """The target in a text, or in an inline step, which the flow reader of the validation context reads. Raises
        ValueError.
        """
        if isinstance(value, Target):
            return value
        if isinstance(value, dict):
            line, column = _place(value) if isinstance(value, Mapping) else (0, 0)
            return cls("", (info.context or {})[INLINE](value), (line, column))
        if not isinstance(value, str) or not Word.pattern.fullmatch(value):
            remedy = message("write a step, flow.step, end, return, or a step in place {{say: ...}}")
            raise ValueError(message("'{value}' is not a step; {remedy}", value=value, remedy=remedy))
        return cls(value, None, _place(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(cls.read)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "x-target": True}  # replaced in the flow schema by a step name or an inline step


def _duration_seconds(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        raise ValueError(message("'{value}' is not a duration; write 6s or 2min", value=value))
    return int(match[1]) * (60 if match[2] == "min" else 1)


def _several(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


Duration = Annotated[int, BeforeValidator(_duration_seconds, json_schema_input_type=str | int)]
PromptKeys = Annotated[
    tuple[PromptKey, ...], BeforeValidator(_several, json_schema_input_type=PromptKey | list[PromptKey])
]


def _placed(value: Any, read: ValidatorFunctionWrapHandler) -> str:
    text: str = value if isinstance(value, Text) else read(value)
    return text


Condition = Annotated[str, WrapValidator(_placed)]
"""A condition or value with its source position."""


def _named(value: Any) -> Any:
    """Expands the short form `with: [amount]` to `with: {amount: amount}`."""
    return {item: item for item in value} if isinstance(value, list | tuple) else value


Inputs = Annotated[dict[str, VariableName], BeforeValidator(_named, json_schema_input_type=dict[str, str] | list[str])]


def references(value: Any) -> Iterator[Any]:
    """Every Word and Target inside a model, in the order of its fields; does not descend into inline steps."""
    if isinstance(value, Word | Target):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from references(getattr(value, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from references(key)
            yield from references(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from references(item)


W = TypeVar("W", bound=Word)


def words_of(value: Any, kind: type[W]) -> tuple[W, ...]:
    """The tokens of one kind inside a model, in the order of its fields."""
    return tuple(word for word in references(value) if isinstance(word, kind))
