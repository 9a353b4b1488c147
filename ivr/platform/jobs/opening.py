"""A server or a worker begins as soon as its database lets it, tries again until then, and says what it waits for."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ivr.foundation.clock import steady
from ivr.foundation.errors import ConfigurationError, DatabaseOutdated, FlowFileError, IvrError, NotReady

AGAIN_SECONDS = 2.0
TOLD_SECONDS = 60.0  # the same reason again in the log
STOP_SECONDS = 5.0
LOG = structlog.get_logger("ivr.opening")
T = TypeVar("T")


def is_final(error: Exception) -> bool:
    """Whether waiting is no use: the installation is wrong, and only a start with another one mends it."""
    return isinstance(error, ConfigurationError) and not isinstance(error, NotReady)


def waited_for(error: Exception) -> str:
    """What a server or a worker waits for, in one line."""
    if isinstance(error, DBAPIError):
        return unanswered(error)
    if isinstance(error, SQLAlchemyError):
        return "the database does not answer in time; check that it runs"
    if isinstance(error, IvrError | OSError):
        return " ".join(str(error).split())
    return f"{type(error).__name__}: the log has the traceback"


def unanswered(error: DBAPIError) -> str:
    """A database that does not answer, in one line with what to look at."""
    return f"the database does not answer: {' '.join(str(error.orig).split())}; check IVR_DATABASE_URL"


def check_of(error: Exception) -> str:
    """The check of /readyz that an error belongs to."""
    if isinstance(error, DatabaseOutdated):
        return "migrations"
    if isinstance(error, SQLAlchemyError):
        return "database"
    return "bundle" if isinstance(error, NotReady | FlowFileError) else "start"


class Opening(Generic[T]):
    """Calls `attempt` until it returns, and keeps what it returned as `parts`."""

    def __init__(self, attempt: Callable[[], T], again_seconds: float = AGAIN_SECONDS) -> None:
        self.parts: T | None = None
        self.problem = ("start", "the program is starting")
        self._attempt = attempt
        self._again_seconds = again_seconds
        self._stop = threading.Event()
        self._tried = threading.Event()
        self._refuses = True
        self._refused: Exception | None = None
        self._told = ("", 0.0)
        self._thread = threading.Thread(target=self._run, name="opening", daemon=True)

    def open(self) -> T:
        """Try once; raises whatever the try meets."""
        self.parts = self._attempt()
        return self.parts

    def begin(self, seconds: float, *, refuses: bool = True) -> None:
        """Try on a thread of its own from now on; returns after the first try, or after so many seconds.

        Raises what the first try met where that is final and `refuses` is true.
        """
        self._refuses = refuses
        self._thread.start()
        self._tried.wait(seconds)
        if self._refused is not None:
            raise self._refused

    def until_open(self, stop: threading.Event) -> T | None:
        """Try until it succeeds; None where it was stopped before. A first try that meets what is final raises it."""
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
            self.until_open(self._stop)

    def close(self) -> None:
        """End the tries."""
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
        LOG.warning("not open yet; tried again until it is", reason=reason, exc_info=None if is_foreseen else error)
