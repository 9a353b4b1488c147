"""Startup of a server or worker: retried until the database is available, with the reason for waiting."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ivr.foundation.clock import steady
from ivr.foundation.errors import ConfigurationError, DatabaseOutdated, FlowFileError, IvrError, NotReady

AGAIN_SECONDS = 2.0
TOLD_SECONDS = 60.0  # an unchanged reason is logged again after this long
STOP_SECONDS = 5.0
LOG = structlog.get_logger("ivr.startup")
T = TypeVar("T")


def is_final(error: Exception) -> bool:
    """Whether retrying is useless, since the installation itself must be corrected."""
    return isinstance(error, ConfigurationError) and not isinstance(error, NotReady)


def waited_for(error: Exception) -> str:
    """The reason for waiting, in one line."""
    if isinstance(error, DBAPIError):
        return unanswered(error)
    if isinstance(error, SQLAlchemyError):
        return "the database does not answer in time; check that it runs"
    if isinstance(error, IvrError | OSError):
        return " ".join(str(error).split())
    return f"{type(error).__name__}: see the traceback in the log"


def unanswered(error: DBAPIError) -> str:
    """A database that does not answer, in one line with the remedy."""
    return f"the database does not answer: {' '.join(str(error.orig).split())}; check IVR_DATABASE_URL"


def check_of(error: Exception) -> str:
    """The check of /readyz under which an error is reported."""
    if isinstance(error, DatabaseOutdated):
        return "migrations"
    if isinstance(error, SQLAlchemyError):
        return "database"
    return "bundle" if isinstance(error, NotReady | FlowFileError) else "start"


class Startup(Generic[T]):
    """Calls `attempt` until it succeeds, and keeps its result as `parts`."""

    def __init__(self, attempt: Callable[[], T], again_seconds: float = AGAIN_SECONDS) -> None:
        self.result: T | None = None
        self.problem = ("start", "the program is starting")
        self._attempt = attempt
        self._again_seconds = again_seconds
        self._stop = threading.Event()
        self._tried = threading.Event()
        self._refuses = True
        self._refused: Exception | None = None
        self._told = ("", 0.0)
        self._thread = threading.Thread(target=self._run, name="startup", daemon=True)

    def open(self) -> T:
        """Try once; raises the error of the attempt."""
        self.result = self._attempt()
        return self.result

    def begin(self, seconds: float, *, refuses: bool = True) -> None:
        """Start retrying on a background thread; returns after the first attempt, at the latest after `seconds`.

        Raises the error of the first attempt when it is final and `refuses` is true.
        """
        self._refuses = refuses
        self._thread.start()
        self._tried.wait(seconds)
        if self._refused is not None:
            raise self._refused

    def until_started(self, stop: threading.Event) -> T | None:
        """Retry until it succeeds; None when stopped before. A final error of the first attempt is raised."""
        while not stop.is_set():
            try:
                return self.open()
            except Exception as error:
                if self._refuses and is_final(error) and not self._tried.is_set():
                    self._refused = error
                    raise
                self._note(error)
            finally:
                self._tried.set()
            stop.wait(self._again_seconds)
        return None

    def _run(self) -> None:
        with suppress(ConfigurationError):  # `begin` raises it
            self.until_started(self._stop)

    def close(self) -> None:
        """Stop retrying."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _note(self, error: Exception) -> None:
        reason = waited_for(error)
        self.problem = (check_of(error), reason)
        said, until = self._told
        if reason == said and steady() < until:
            return
        self._told = (reason, steady() + TOLD_SECONDS)
        is_foreseen = isinstance(error, IvrError | SQLAlchemyError | OSError)
        LOG.warning("the startup failed and is retried", reason=reason, exc_info=None if is_foreseen else error)
