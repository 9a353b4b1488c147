"""The registry of step types. Each file of `steps/` registers one; the file name is the YAML word."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

from ivr.engine.node import Node
from ivr.engine.references import INLINE
from ivr.foundation.messages import all_of, message
from ivr.foundation.strictyaml import closest, did_you_mean

_TYPES: dict[str, type[Node]] = {}
_PACKAGE = "ivr.engine.steps"


def register(node_type: type[Node]) -> type[Node]:
    """Decorator: registers a step type under its verb."""
    _TYPES[node_type.verb] = node_type
    return node_type


def step_types() -> Mapping[str, type[Node]]:
    """Every step type by its verb."""
    _load()
    return _TYPES


@cache
def _load() -> None:
    for module in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__):
        importlib.import_module(f"{_PACKAGE}.{module.name}")


def read_step(tree: Mapping[str, Any]) -> Node:
    """The step in a mapping; exactly one verb selects its type. Raises ValueError or pydantic's ValidationError."""
    types = step_types()
    verbs = [key for key in tree if key in types]
    if len(verbs) > 1:
        raise ValueError(
            message("a step has one verb, this one has {words}; make two steps of it", words=all_of(verbs))
        )
    if not verbs:
        suggestion = next((m for key in tree for m in closest(key, types)), None)
        hint = message("{meant} ", meant=did_you_mean([suggestion])) if suggestion else ""
        raise ValueError(
            message("no verb names this step; {hint}Step types: {words}", hint=hint, words=", ".join(sorted(types)))
        )
    return types[verbs[0]].model_validate(tree, context={INLINE: read_step})


def step_keys(tree: Mapping[str, Any]) -> frozenset[str]:
    """The keys that a step of this verb may have; empty where the mapping has no known verb."""
    types = step_types()
    fields = [types[key].model_fields for key in tree if key in types]
    return frozenset(field.alias or name for group in fields for name, field in group.items())
