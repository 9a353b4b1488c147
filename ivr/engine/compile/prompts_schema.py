"""The JSON Schema of a prompts file: nested groups of texts and word lists."""

import json
from typing import Any

from ivr.engine.compile.schema import DIALECT

_KEY = "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$"


def prompts_schema() -> dict[str, Any]:
    """The schema as plain data. A text that looks like a number or a date is read as it is written."""
    text = {"type": ["string", "number", "boolean"], "pattern": "\\S", "description": "what is said"}
    words = {"type": "array", "minItems": 1, "items": {"type": ["string", "number", "boolean"], "pattern": "\\S"}}
    group = {"type": "object", "patternProperties": {_KEY: {"$ref": "#/$defs/entry"}}, "additionalProperties": False}
    return {
        "$schema": DIALECT,
        "title": "What the hotline says in one language",
        "description": "see docs/flow-language.md, Prompts",
        **group,
        "$defs": {"entry": {"anyOf": [text, {**words, "description": "what callers may say"}, group]}},
    }


def prompts_schema_text() -> str:
    """The text of docs/prompts.schema.json."""
    return json.dumps(prompts_schema(), ensure_ascii=False, indent=2) + "\n"
