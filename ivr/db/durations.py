"""Seconds between two moments, in SQL that both databases understand."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801 - used as a function
    """seconds_between(begin, end): how many seconds end is later than begin; SQLite is exact to the millisecond."""

    type = Float()
    inherit_cache = True
    name = "seconds_between"


@compiles(seconds_between, "postgresql")
def _postgresql(element: seconds_between, compiler: SQLCompiler, **how: Any) -> str:
    begin, end = (compiler.process(each, **how) for each in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM (CAST({end} AS timestamptz) - CAST({begin} AS timestamptz))) AS double precision)"


@compiles(seconds_between, "sqlite")
def _sqlite(element: seconds_between, compiler: SQLCompiler, **how: Any) -> str:
    begin, end = (compiler.process(each, **how) for each in element.clauses)
    return f"ROUND((julianday({end}) - julianday({begin})) * 86400.0, 3)"
