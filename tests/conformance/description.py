"""Requests to Twilio's REST API held against Twilio's published OpenAPI description."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Request:
    """A request as it was sent."""

    verb: str
    target: str
    body: str = ""


class Description:
    """The description, and what it says against a request."""

    def __init__(self, file: Path) -> None:
        self._described = json.loads(file.read_text(encoding="utf-8"))
        self._paths = [(_pattern(path), item) for path, item in self._described["paths"].items()]

    def faults(self, request: Request) -> list[str]:
        """What is wrong with a request; nothing where all is well."""
        parts = urlsplit(request.target)
        found = [(match, item) for pattern, item in self._paths if (match := pattern.fullmatch(parts.path))]
        fitting = [(match, item) for match, item in found if request.verb.lower() in item]
        if not fitting:
            return [f"{request.verb} {parts.path}: no such operation"]
        match, item = fitting[0]
        operation = item[request.verb.lower()]
        path = {name: [unquote(value)] for name, value in match.groupdict().items()}
        given = [("path", each) for each in path.items()] + [("query", each) for each in _fields(parts.query).items()]
        parameters = {(each["in"], each["name"]): each for each in operation.get("parameters", ())}
        faults = [
            fault
            for where, (name, value) in given
            for fault in self._value(name, value, parameters.get((where, name), {}).get("schema"))
        ]
        return [f"{request.verb} {parts.path}: {fault}" for fault in [*faults, *self._form(operation, request.body)]]

    def _form(self, operation: Mapping[str, Any], body: str) -> list[str]:
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
        fields = _fields(body)
        missing = [f"{name} is required" for name in schema.get("required", ()) if name not in fields]
        properties = schema.get("properties", {})
        wrong = [fault for name, value in fields.items() for fault in self._value(name, value, properties.get(name))]
        return [*missing, *wrong]

    def _value(self, name: str, given: list[str], schema: Mapping[str, Any] | None) -> list[str]:
        if schema is None:
            return [f"{name} is not described"]
        is_list = schema.get("type") == "array"
        if len(given) > 1 and not is_list:
            return [f"{name} is given more than once"]
        told = [_typed(each, schema.get("items", {})) for each in given] if is_list else _typed(given[0], schema)
        rules = {**schema, "components": self._described["components"]}
        return [f"{name}: {error.message}" for error in Draft202012Validator(rules).iter_errors(told)]


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"(\{\w+\})", path)
    return re.compile("".join(f"(?P<{p[1:-1]}>[^/]+)" if p.startswith("{") else re.escape(p) for p in pieces))


def _fields(text: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return fields


def _typed(text: str, schema: Mapping[str, Any]) -> object:
    """A field's text as the schema's type has it; what is no such thing stays a text, which is a fault."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    if schema.get("type") == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text
