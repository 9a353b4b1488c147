"""Prepared statements: compiled once per dialect and run on the driver, for the few statements of every turn."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

_Known = tuple[str, tuple[str, ...] | None, tuple[tuple[str, Callable[[Any], Any]], ...]]


class Prepared:
    """One statement, compiled on first use with a dialect; later runs skip SQLAlchemy's compiler and its cache.

    Values are the driver's; `typed` names the parameters that a column type converts.
    """

    __slots__ = ("_known", "_statement", "_typed")

    def __init__(self, statement: Executable, **typed: TypeEngine[Any]) -> None:
        self._statement = statement
        self._typed = typed
        self._known: dict[str, _Known] = {}

    def bound(self, dialect: Dialect, values: Mapping[str, Any]) -> tuple[str, Any]:
        """(SQL, parameters) for the driver of a dialect."""
        text, order, converters = self._known.get(dialect.name) or self._compile(dialect)
        if converters:
            values = {**values, **{name: convert(values[name]) for name, convert in converters}}
        return text, values if order is None else tuple([values[name] for name in order])

    def _compile(self, dialect: Dialect) -> _Known:
        compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a statement compiles to SQL
        order = tuple(compiled.positiontup) if compiled.positional and compiled.positiontup is not None else None
        made = {name: kind.dialect_impl(dialect).bind_processor(dialect) for name, kind in self._typed.items()}
        converters = tuple((name, convert) for name, convert in made.items() if convert is not None)
        known = self._known[dialect.name] = (str(compiled), order, converters)
        return known
