"""The JSON Schema of config.yaml, generated from the settings classes."""

import json
from collections.abc import Iterator
from typing import Any

from ivr.foundation.config.sections import FEN_BOUNDS
from ivr.foundation.config.settings import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR = ["string", "number", "boolean"]  # JSON types of unquoted values in an editor; the loader reads them as text
_YUAN = r"^[0-9]{1,8}(\.[0-9]{0,2})?$"
_FEN = 100  # fen in a yuan
_LEAST, _MOST = FEN_BOUNDS


def config_schema() -> dict[str, Any]:
    """The schema as plain data."""
    schema = Settings.model_json_schema(mode="validation")
    for name in ("each_yuan", "a_day_yuan"):
        money = schema["$defs"]["Transfer"]["properties"][name]
        for word in ("type", "ge", "le", "minimum", "maximum"):
            money.pop(word, None)
        least, most = _LEAST / _FEN, _MOST / _FEN
        text = {"type": "string", "pattern": _YUAN}
        money["anyOf"] = [{"type": "number", "minimum": least, "maximum": most}, text]
    for part in list(_parts(schema)):
        _adapt(part)
    return {"$schema": _DIALECT, **schema, "title": "Settings of the hotline", "description": "see docs/operations.md"}


def config_schema_text() -> str:
    """The text of docs/config.schema.json."""
    return json.dumps(config_schema(), ensure_ascii=False, indent=2) + "\n"


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)


def _adapt(part: dict[str, Any]) -> None:
    """Adapts pydantic's schema: a whole number may be quoted, free text may look like a number, titles are removed."""
    if isinstance(part.get("title"), str):
        del part["title"]
    if part.get("type") == "string" and not part.keys() & {"pattern", "enum"}:
        part["type"] = list(_SCALAR)
    elif part.get("type") == "integer":
        part["type"] = ["integer", "string"]  # the bounds apply to a number, the pattern to a text
        part["pattern"] = "^[0-9]{1,8}$"
