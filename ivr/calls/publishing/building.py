"""Builds published bundles on its own thread, one at a time, with no database connection held."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from ivr.calls.models import PublishedBundle
from ivr.db import Database
from ivr.db.retry import is_retryable
from ivr.engine.bundle import Bundle
from ivr.engine.contracts import Catalogue
from ivr.engine.sources import Sources, build
from ivr.foundation.errors import ConfigurationError, ProviderError

KEPT = 8
TRIES = 3  # reads of the database for one bundle


class Builder:
    """Builds bundles and caches them by hash. `known` were built by the parent process."""

    def __init__(self, database: Database, services: Callable[[], Catalogue], known: Mapping[str, Bundle]) -> None:
        self.built: dict[str, Bundle] = dict(known)
        self._database = database
        self._services = services
        self._unfit: dict[str, str] = {}  # hash -> why this process cannot build the bundle
        self._asked: dict[str, Future[Bundle]] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bundles")

    def build(self, digest: str, seconds: float) -> Bundle:
        """See `Bundles.build`: concurrent requests for one bundle wait for the same build."""
        with self._lock:
            asked = self._asked.get(digest)
            if asked is None:
                asked = self._asked[digest] = self._thread.submit(self._make, digest)
        try:
            return asked.result(max(0.0, seconds))
        except TimeoutError as late:
            raise ProviderError(f"the bundle {digest} is still being built") from late

    def _make(self, digest: str) -> Bundle:
        try:
            return self.built.get(digest) or self._kept(digest)
        finally:
            with self._lock:  # a failed build may be requested again
                del self._asked[digest]

    def _kept(self, digest: str) -> Bundle:
        if digest in self._unfit:
            raise ConfigurationError(self._unfit[digest])
        text = self._fetched(digest)
        if text is None:
            raise ConfigurationError(f"the bundle {digest} of a call is not in the database")
        try:
            bundle = build(Sources.load(text), self._services())
        except Exception as fault:
            reason = self._unfit[digest] = f"the bundle {digest} cannot be built by this release: {fault}"
            raise ConfigurationError(reason) from fault
        self.built[digest] = bundle
        for old in list(self.built)[:-KEPT]:
            del self.built[old]
        return bundle

    def _fetched(self, digest: str) -> str | None:
        """The sources of a bundle, read in a transaction that ends before the build starts."""
        for left in reversed(range(TRIES)):
            try:
                with self._database.look() as transaction:
                    wanted = select(PublishedBundle.sources).where(PublishedBundle.hash == digest)
                    return transaction.connection.scalar(wanted)
            except DBAPIError as error:
                if not left or not is_retryable(error):
                    raise
        return None
