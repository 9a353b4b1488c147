"""The JSON Schema of a flow file, generated from the step types."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from ivr.engine.compile.flowfile import FlowHead
from ivr.engine.keypad import KEYS
from ivr.engine.references import COMMANDS, Word
from ivr.engine.registry import step_types

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR = ["string", "number", "boolean"]  # JSON types of unquoted values in an editor; the loader reads them as text

_WAIT = "^0*([1-9]|[1-5][0-9]|60) *s?$|^0*1 *min$"


def flow_schema() -> dict[str, Any]:
    """The schema as plain data: one entry of `$defs` for each step type, named by its verb."""
    definitions: dict[str, Any] = {}
    verbs = sorted(step_types())
    for verb in verbs:
        definitions[verb] = _model(step_types()[verb], definitions)
        definitions[verb]["title"] = verb
    head = _model(FlowHead, definitions)
    definitions["step"] = {"anyOf": [{"$ref": f"#/$defs/{verb}"} for verb in verbs]}
    head["properties"]["steps"]["additionalProperties"] = {"$ref": "#/$defs/step"}
    head["properties"]["steps"]["propertyNames"] = {"not": {"enum": list(COMMANDS)}}
    definitions["Defaults"]["properties"]["keys"]["propertyNames"] = {"enum": list(KEYS)}
    for verb in verbs:
        step_types()[verb].complete_schema(definitions)
    for definition in definitions.values():
        _allow_durations(definition.get("properties", {}))
    head["$defs"] = dict(sorted(definitions.items()))
    for part in reversed(list(_parts(head))):  # innermost first
        _adapt(part)
    return {"$schema": DIALECT, **head, "title": "A flow of the hotline", "description": "see docs/flow-language.md"}


def flow_schema_text() -> str:
    """The text of docs/flow.schema.json."""
    return json.dumps(flow_schema(), ensure_ascii=False, indent=2) + "\n"


def _model(model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions.update(schema.pop("$defs", {}))
    return schema


def _allow_durations(properties: dict[str, Any]) -> None:
    """A wait is written as 6s or as a number of seconds, within its bounds."""
    if "wait" in properties:
        wait = {"type": "integer", "minimum": 1, "maximum": 60}
        properties["wait"]["anyOf"] = [{"type": "string", "pattern": _WAIT}, wait]


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)


def _adapt(part: dict[str, Any]) -> None:
    """Adapts pydantic's schema: a target may be an inline step, free text may look like a number."""
    for word in ("ge", "le"):  # bounds of durations, which are written as 6s
        part.pop(word, None)
    if part.get("type") == "string" and not part.keys() & {"pattern", "enum", "x-target"}:
        part["type"] = list(_SCALAR)
    if part.get("type") == "boolean":
        part["enum"] = [True, False, "yes", "no", "on", "off"]
        del part["type"]
    if part.pop("x-target", False):
        del part["type"]
        part["anyOf"] = [{"type": "string", "pattern": f"^({Word.pattern.pattern})$"}, {"$ref": "#/$defs/step"}]
    if isinstance(part.get("title"), str) and part["title"] not in step_types():
        del part["title"]
    if "default" in part and part["default"] is None:
        del part["default"]
    given = [each for each in part.get("anyOf", ()) if each != {"type": "null"}]
    if given and len(given) < len(part["anyOf"]):
        part.pop("anyOf")
        part.update(given[0] if len(given) == 1 else {"anyOf": given})
