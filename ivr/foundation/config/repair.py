"""Settings from a config.yaml with faults, so that what depends on it can be checked too."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError

from ivr.foundation.config.sections import Section
from ivr.foundation.config.settings import Settings

_ROUNDS = 20  # a stand-in can uncover another fault; three are the most that was seen


def repaired(tree: Mapping[str, Any]) -> Settings:
    """Settings that keep every name of the tree (queues, hours, billers), with stand-ins for what cannot be read."""
    plain: dict[str, Any] = json.loads(json.dumps(tree))
    for _ in range(_ROUNDS):
        try:
            return Settings.model_validate(plain)
        except ValidationError as error:
            for each in reversed(error.errors()):  # the last of a list first, so that places stay what they are
                _mend(plain, each["type"], each["loc"])
    return Settings.model_validate(_stand_in(Settings))


def _mend(plain: dict[str, Any], kind: str, place: tuple[str | int, ...]) -> None:
    """Take out what means nothing; put a stand-in where something is missing or is of another shape."""
    part: Any = plain
    for step in place[:-1]:
        try:
            part = part[step]
        except (LookupError, TypeError):
            return  # mended with the part around it
    last = place[-1]
    if kind == "extra_forbidden" and isinstance(part, dict):
        part.pop(last, None)
    elif isinstance(part, list) and isinstance(last, int):
        del part[last]
    elif isinstance(part, dict):
        part[last] = _stand_in(type_at(place))


def type_at(place: Sequence[str | int]) -> Any:
    """The type of what stands at a place of the file; None where nothing may."""
    part: Any = Settings
    for step in place:
        if isinstance(part, type) and issubclass(part, Section):
            field = part.written_fields().get(str(step))
            part = None if field is None else field.annotation
        else:
            part = next((kind for kind in reversed(get_args(part)) if kind is not Ellipsis), None)
    return part


def _stand_in(kind: Any) -> Any:
    """A small value of a type."""
    if isinstance(kind, type) and issubclass(kind, Section):
        needed = {name: field for name, field in kind.written_fields().items() if field.is_required()}
        return {name: _stand_in(field.annotation) for name, field in needed.items()}
    origin = getattr(kind, "__origin__", kind)
    if origin is dict:
        return {}
    if origin is tuple:
        return []
    return "1"
