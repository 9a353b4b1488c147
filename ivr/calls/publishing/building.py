"""Builds published bundles on a thread of its own, one at a time, while nobody holds a connection for it."""

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
TRIES = 3  # looks at the database for one bundle


class Builder:
    """Bundles by their hash. `known` were built before, by whoever started this process."""

    def __init__(self, database: Database, services: Callable[[], Catalogue], known: Mapping[str, Bundle]) -> None:
        self.built: dict[str, Bundle] = dict(known)
        self._database = database
        self._services = services
        self._unfit: dict[str, str] = {}  # what no try of this process will build, and why
        self._asked: dict[str, Future[Bundle]] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bundles")

    def build(self, digest: str, seconds: float) -> Bundle:
        """See `Bundles.build`: who asks for a bundle that is being built waits for it."""
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
            with self._lock:  # who was refused may ask again
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
        """The sources of a bundle, in a look that is over before anything is built."""
        for left in reversed(range(TRIES)):
            try:
                with self._database.look() as transaction:
                    wanted = select(PublishedBundle.sources).where(PublishedBundle.hash == digest)
                    return transaction.connection.scalar(wanted)
            except DBAPIError as error:
                if not left or not is_retryable(error):
                    raise
        return None
