"""Published bundles: the pointer to the current one, the stored sources, and the bundles built in this process."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session as DbSession

from ivr.calls.models import Publication, PublishedBundle
from ivr.calls.publishing.building import Builder
from ivr.db import Database, Transaction
from ivr.db.hot.prepared import Prepared
from ivr.engine.bundle import Bundle
from ivr.engine.contracts import Catalogue
from ivr.engine.sources import Sources
from ivr.foundation.clock import steady
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import NeedsBundle, NotReady
from ivr.platform.audit import log as audit

_NEWEST = select(Publication.bundle).where(Publication.id == select(func.max(Publication.id)).scalar_subquery())
_POINTER = Prepared(_NEWEST)
TRIES = 3  # a publication between two tries may require another bundle
T = TypeVar("T")
_NONE = "no flow has been published; run: python -m ivr flow publish"


def publish(connection: Connection, keyring: Keyring, sources: Sources, at: datetime, by: str, reason: str = "") -> str:
    """Store a bundle and make it current for new calls; the current bundle changes nothing. Returns its hash.

    The caller must have built and checked it. A change is written to the audit log in the same transaction.
    """
    digest = sources.hash
    if connection.scalar(select(PublishedBundle.hash).where(PublishedBundle.hash == digest)) is None:
        connection.execute(insert(PublishedBundle).values(hash=digest, sources=sources.dump(), published_at=at))
    if current(connection) != digest:
        connection.execute(insert(Publication).values(bundle=digest, at=at, by=by, reason=reason))
        with DbSession(bind=connection) as db:
            audit.append(
                db, keyring, at=at, actor=by, deed="publish", subject=f"bundle:{digest}", details={"reason": reason}
            )
    return digest


def current(connection: Connection) -> str | None:
    """The hash of the bundle for new calls."""
    return connection.scalar(_NEWEST)


def history(connection: Connection, limit: int = 20) -> list[Publication]:
    """The newest publications first."""
    rows = connection.execute(select(Publication.__table__).order_by(Publication.id.desc()).limit(limit))
    return [Publication(**row._mapping) for row in rows]


def is_kept(connection: Connection, digest: str) -> bool:
    """Whether this bundle was ever published."""
    return connection.scalar(select(PublishedBundle.hash).where(PublishedBundle.hash == digest)) is not None


def sources_of(connection: Connection, digest: str | None) -> Sources | None:
    """The sources of a bundle; None when it was never published."""
    text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == digest))
    return None if text is None else Sources.load(text)


def previous(connection: Connection) -> str | None:
    """The bundle before the current one, for a rollback; a second rollback goes further back, never forward."""
    running = current(connection)
    first = select(func.min(Publication.id)).where(Publication.bundle == running).scalar_subquery()
    return connection.scalar(
        select(Publication.bundle).where(Publication.id < first).order_by(Publication.id.desc()).limit(1)
    )


class Bundles:
    """The bundles of one process; a call stays on the bundle that it began with.

    Building takes seconds on a busy machine, so it never happens inside a transaction: code that needs an unbuilt
    bundle raises `NeedsBundle`, and the bundle is built after the transaction. `known`: bundles built already.
    """

    def __init__(
        self, database: Database, services: Callable[[], Catalogue], known: Mapping[str, Bundle] | None = None
    ) -> None:
        self._database = database
        self._builder = Builder(database, services, known or {})
        self._newest_hash: str | None = None

    def current(self, transaction: Transaction) -> Bundle:
        """The bundle that a new call runs on; raises `NotReady` when none was published, and `NeedsBundle`."""
        row = transaction.run(_POINTER, {}).fetchone()
        if row is None:
            raise NotReady(_NONE)
        bundle = self.get(row[0])
        self._newest_hash = bundle.hash
        return bundle

    @property
    def overflow(self) -> str | None:
        """The overflow queue of the newest bundle that this process has seen, for calls that cannot be processed."""
        bundle = self._builder.built.get(self._newest_hash or "")
        return None if bundle is None else bundle.routing[-1].queue

    def get(self, digest: str) -> Bundle:
        """A bundle by its hash; raises `NeedsBundle` when this process has not built it."""
        bundle = self._builder.built.get(digest)
        if bundle is None:
            raise NeedsBundle(digest)
        return bundle

    def newest(self, connection: Connection) -> Bundle:
        """`current` on a connection of SQLAlchemy."""
        digest = current(connection)
        if digest is None:
            raise NotReady(_NONE)
        return self.get(digest)

    def build(self, digest: str, seconds: float) -> Bundle:
        """Build a bundle, or wait up to `seconds` for a running build; call it outside any transaction.

        Raises `ProviderError` on a timeout (the build continues), `ConfigurationError` when it cannot be built, and
        SQLAlchemy's errors.
        """
        return self._builder.build(digest, seconds)

    def building(self, act: Callable[[], T], seconds: float) -> T:
        """The result of `act`; when it raises `NeedsBundle`, the bundle is built and `act` is called again."""
        until = steady() + seconds
        for _ in range(TRIES):
            try:
                return act()
            except NeedsBundle as missing:
                self.build(missing.digest, until - steady())
        return act()

    def warm(self, seconds: float) -> str:
        """Build the current bundle before the first call; returns its hash."""
        return self.building(self._newest, seconds).hash

    def _newest(self) -> Bundle:
        with self._database.look() as transaction:
            return self.current(transaction)
