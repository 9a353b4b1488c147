"""The types of flow variables, and the type that hides secrets."""

from collections.abc import Mapping
from typing import Any, Literal

VariableType = Literal["digits", "money", "number", "text", "date", "flag", "choice", "list"]
VARIABLE_TYPES: tuple[str, ...] = ("digits", "money", "number", "text", "date", "flag", "choice", "list")


class Secret:
    """A password or a code. It can be given to a service and is shown as `******` everywhere else."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The digits. Only services call this."""
        return self._value

    def __repr__(self) -> str:
        return "******"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))


def localised(value: Any, language: str) -> Any:
    """The text for a language where a value has one text for each language; otherwise the value itself."""
    if isinstance(value, Mapping) and language in value:
        return value[language]
    return value


def lookup(scope: Mapping[str, Any], path: str) -> Any:
    """The value at a path such as "account.last4". Raises KeyError with the missing part."""
    head, *rest = path.split(".")
    value = scope[head]
    for part in rest:
        value = value[part]
    return value
