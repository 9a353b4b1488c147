"""The JSON Schema of config.yaml, made from the settings themselves, so that editors complete what the code knows."""

import json
from collections.abc import Iterator
from typing import Any

from ivr.foundation.config.sections import FEN_BOUNDS
from ivr.foundation.config.settings import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR = ["string", "number", "boolean"]  # what an editor takes 5000 or true for; the loader reads them as text
_YUAN = r"^[0-9]{1,8}(\.[0-9]{0,2})?$"
_FEN = 100  # in a yuan, in which amounts are written
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
        _loosen(part)
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


def _loosen(part: dict[str, Any]) -> None:
    """A whole number may stand in quotes, and free text may look like a number; pydantic's titles go."""
    if isinstance(part.get("title"), str):
        del part["title"]
    if part.get("type") == "string" and not part.keys() & {"pattern", "enum"}:
        part["type"] = list(_SCALAR)
    elif part.get("type") == "integer":
        part["type"] = ["integer", "string"]  # the bounds hold for the number, the pattern for the text
        part["pattern"] = "^[0-9]{1,8}$"
