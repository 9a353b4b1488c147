"""Structured logs: one JSON line per event on standard error, without values of variables.

Tracebacks contain code positions only: the locals of a turn may hold what a caller keyed.
"""

import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def configure() -> None:
    """Configure logging for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False, max_frames=20)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(
            sys.stderr
        ),  # looked up at each call, because tests replace sys.stderr
        cache_logger_on_first_use=False,
    )
