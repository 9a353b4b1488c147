"""Builds settings from a config.yaml with faults, so that dependent files can be checked too."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError

from ivr.foundation.config.sections import Section
from ivr.foundation.config.settings import Settings

_ROUNDS = 20  # a placeholder can uncover another fault; at most three rounds were observed


def repaired(tree: Mapping[str, Any]) -> Settings:
    """Settings with all names of the tree (queues, hours, billers), and placeholders for what cannot be read."""
    plain: dict[str, Any] = json.loads(json.dumps(tree))
    for _ in range(_ROUNDS):
        try:
            return Settings.model_validate(plain)
        except ValidationError as error:
            for each in reversed(error.errors()):  # last list items first, so that earlier indexes stay valid
                _repair(plain, each["type"], each["loc"])
    return Settings.model_validate(_placeholder(Settings))


def _repair(plain: dict[str, Any], kind: str, place: tuple[str | int, ...]) -> None:
    """Remove an unknown key; put a placeholder where a value is missing or has the wrong shape."""
    part: Any = plain
    for step in place[:-1]:
        try:
            part = part[step]
        except (LookupError, TypeError):
            return  # repaired with the enclosing part
    last = place[-1]
    if kind == "extra_forbidden" and isinstance(part, dict):
        part.pop(last, None)
    elif isinstance(part, list) and isinstance(last, int):
        del part[last]
    elif isinstance(part, dict):
        part[last] = _placeholder(type_at(place))


def type_at(place: Sequence[str | int]) -> Any:
    """The type of the value at a path of the file; None where no value is allowed."""
    part: Any = Settings
    for step in place:
        if isinstance(part, type) and issubclass(part, Section):
            field = part.written_fields().get(str(step))
            part = None if field is None else field.annotation
        else:
            part = next((kind for kind in reversed(get_args(part)) if kind is not Ellipsis), None)
    return part


def _placeholder(kind: Any) -> Any:
    """A small value of a type."""
    if isinstance(kind, type) and issubclass(kind, Section):
        needed = {name: field for name, field in kind.written_fields().items() if field.is_required()}
        return {name: _placeholder(field.annotation) for name, field in needed.items()}
    origin = getattr(kind, "__origin__", kind)
    if origin is dict:
        return {}
    if origin is tuple:
        return []
    return "1"
