"""Logs as JSON lines on standard error: one event a line, and never the values of variables.

A traceback shows code and places alone: the locals of a turn hold what a caller keyed.
"""

import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def configure() -> None:
    """Set up logging for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False, max_frames=20)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # standard error as it is then, not as it was
        cache_logger_on_first_use=False,
    )
