"""Published bundles: a pointer that is swapped, sources that are kept, and one built copy of each in memory."""

import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session as Rows

from ivr.audit import log as audit
from ivr.calls.models import Publication, PublishedBundle
from ivr.crypto import Keyring
from ivr.db import Database, Transaction
from ivr.db.prepared import Prepared
from ivr.engine.bundle import Bundle
from ivr.engine.contracts import Catalogue
from ivr.engine.sources import Sources, build
from ivr.errors import ConfigurationError

_NEWEST = select(Publication.bundle).where(Publication.id == select(func.max(Publication.id)).scalar_subquery())
_POINTER = Prepared(_NEWEST)
KEPT = 8
_NONE = "no flow has been published; run: python -m ivr flow publish"


def publish(connection: Connection, keyring: Keyring, sources: Sources, at: datetime, by: str, reason: str = "") -> str:
    """Keep a bundle and let new calls run on it; the same bundle as now changes nothing. Returns its hash.

    Whoever calls this has built and proven it. A change stands in the audit log with it.
    """
    digest = sources.hash
    if connection.scalar(select(PublishedBundle.hash).where(PublishedBundle.hash == digest)) is None:
        connection.execute(insert(PublishedBundle).values(hash=digest, sources=sources.dump(), published_at=at))
    if current(connection) != digest:
        connection.execute(insert(Publication).values(bundle=digest, at=at, by=by, reason=reason))
        with Rows(bind=connection) as rows:
            audit.append(
                rows, keyring, at=at, actor=by, deed="publish", subject=f"bundle:{digest}", details={"reason": reason}
            )
    return digest


def current(connection: Connection) -> str | None:
    """The hash that new calls run on."""
    return connection.scalar(_NEWEST)


def history(connection: Connection, limit: int = 20) -> list[Publication]:
    """The newest publications first."""
    rows = connection.execute(select(Publication.__table__).order_by(Publication.id.desc()).limit(limit))
    return [Publication(**row._mapping) for row in rows]


def is_kept(connection: Connection, digest: str) -> bool:
    """Whether this bundle was ever published."""
    return connection.scalar(select(PublishedBundle.hash).where(PublishedBundle.hash == digest)) is not None


def sources_of(connection: Connection, digest: str | None) -> Sources | None:
    """What a bundle was built from; None where it was never published."""
    text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == digest))
    return None if text is None else Sources.load(text)


def previous(connection: Connection) -> str | None:
    """The bundle before the present one, for a rollback; a second rollback goes further back, never forward again."""
    running = current(connection)
    first = select(func.min(Publication.id)).where(Publication.bundle == running).scalar_subquery()
    return connection.scalar(
        select(Publication.bundle).where(Publication.id < first).order_by(Publication.id.desc()).limit(1)
    )


class Bundles:
    """The bundles of one process; a call that began on another stays on it."""

    def __init__(self, database: Database, services: Callable[[], Catalogue]) -> None:
        self._database = database
        self._services = services
        self._built: dict[str, Bundle] = {}
        self._lock = threading.Lock()
        self._newest: str | None = None

    def current(self, transaction: Transaction) -> Bundle:
        """The bundle that a new call runs on; raises `ConfigurationError` when none was published."""
        row = transaction.run(_POINTER, {}).fetchone()
        if row is None:
            raise ConfigurationError(_NONE)
        bundle = self.get(transaction, row[0])
        self._newest = bundle.hash
        return bundle

    @property
    def overflow(self) -> str | None:
        """The queue for callers whom nothing else helps, by the newest bundle that this process has seen."""
        bundle = self._built.get(self._newest or "")
        return None if bundle is None else bundle.routing[-1].queue

    def get(self, transaction: Transaction, digest: str) -> Bundle:
        """A bundle by its hash, built once for each process."""
        bundle = self._built.get(digest)
        if bundle is not None:
            return bundle
        return self._build(transaction.connection, digest)

    def newest(self, connection: Connection) -> Bundle:
        """`current` for whoever holds a connection of SQLAlchemy's."""
        digest = current(connection)
        if digest is None:
            raise ConfigurationError(_NONE)
        return self._built.get(digest) or self._build(connection, digest)

    def _build(self, connection: Connection, digest: str) -> Bundle:
        text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == digest))
        if text is None:
            raise ConfigurationError(f"the bundle {digest} of a call is not in the database")
        with self._lock:
            bundle = self._built.get(digest) or build(Sources.load(text), self._services())
            self._built[digest] = bundle
            for old in list(self._built)[:-KEPT]:
                del self._built[old]
        return bundle

    def warm(self) -> str:
        """Build the present bundle before the first call; returns its hash."""
        with self._database.look() as transaction:
            return self.current(transaction).hash
