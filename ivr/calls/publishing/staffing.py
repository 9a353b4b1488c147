"""Who serves each queue, from the rules of the newest published bundle: read again where another one is published."""

from sqlalchemy import select

from ivr.calls.publishing import bundles
from ivr.centre.queues.distribution import QueueStaffing, Staffing
from ivr.centre.queues.matching import Requirement
from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.staffing import staffing_of
from ivr.db import Database, look
from ivr.engine.bundle import QueueRules


class PublishedStaffing:
    """The staffing of every queue; those that callers of an earlier bundle wait in are served by their name."""

    def __init__(self) -> None:
        self._read = ""
        self._staffing: dict[str, QueueStaffing] = {}

    def read(self, database: Database) -> Staffing:
        """Queue -> who serves it; nothing where no bundle was published."""
        with look(database) as db:
            digest = bundles.current(db.connection())
            if digest is not None and digest != self._read:
                sources = bundles.sources_of(db.connection(), digest)
                rules = sources.rules["queues"] if sources is not None else {}
                self._staffing = {name: staffing_of(name, QueueRules(**row)) for name, row in rules.items()}
                self._read = digest
            waited_in = db.scalars(select(QueuedCall.queue).where(QueuedCall.state == "waiting").distinct())
            others = {
                name: QueueStaffing((Requirement(0.0, name, 1),)) for name in waited_in if name not in self._staffing
            }
        return {**self._staffing, **others}
