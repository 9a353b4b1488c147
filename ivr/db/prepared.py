"""Statements compiled once for a dialect and run on the driver: for the few that every turn needs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """One statement; it is compiled when it first meets a dialect, later runs skip the compiler's cache key."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def _for(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a statement compiles to SQL
            order = tuple(compiled.positiontup) if compiled.positional and compiled.positiontup is not None else None
            known = self._compiled[dialect.name] = (str(compiled), order)
        return known

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Execute with values as the driver takes them: no column types are applied on the way in or out."""
        text, order = self._for(connection.dialect)
        if order is None:
            return connection.exec_driver_sql(text, dict(values))
        return connection.exec_driver_sql(text, tuple(values[name] for name in order))
