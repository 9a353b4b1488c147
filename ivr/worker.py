"""The worker: the tasks of every domain, with what they need; several may run at once, on several machines."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from ivr.bank.remote.dispatch import Dispatch
from ivr.calls import late_outcomes
from ivr.calls.assembly import core_line
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.publishing.staffing import PublishedStaffing
from ivr.calls.services.registry import catalogue
from ivr.calls.stale_queue_entries import CallProvider
from ivr.centre.desk.paths import Paths
from ivr.centre.queues.distribution import Staffing
from ivr.db import Database
from ivr.domains import TASKS
from ivr.foundation import clock
from ivr.foundation.crypto import Keyring
from ivr.installation import Installation
from ivr.platform.jobs import tasks
from ivr.platform.outbox.sending import TextProvider
from ivr.telephony.provider import Provider

BUILD_SECONDS = 60.0  # nobody waits on the line for a text


@dataclass(frozen=True)
class Worker:
    """What the tasks work with; `anchor_file` is where the audit log's anchors are kept."""

    database: Database
    keyring: Keyring
    texts: TextProvider
    calls: CallProvider
    anchor_file: Path
    provider: Provider
    paths: Paths
    dispatch: Dispatch | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    _staffing: PublishedStaffing = field(default_factory=PublishedStaffing)

    @classmethod
    def of(cls, installation: Installation, stop: threading.Event) -> "Worker":
        """The worker of an installation."""
        provider = installation.provider
        return cls(
            installation.database, installation.keyring, provider.texts, provider.calls, installation.anchor_file,
            provider, Paths(installation.environment.public_url), _dispatch(installation), stop,
        )  # fmt: skip

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return clock.now()

    def staffing(self) -> Staffing:
        """Who serves each queue of the newest published bundle."""
        return self._staffing.read(self.database)

    def steady(self) -> float:
        """Seconds that only ever go on."""
        return clock.steady()

    def run(self) -> None:
        """Every task, until `stop` is set."""
        tasks.run(tasks.threads_of(TASKS, self, self.steady), self.stop)


def _dispatch(installation: Installation) -> Dispatch | None:
    line = core_line(installation.environment)
    if line is None:
        return None
    database, keyring = installation.database, installation.keyring
    bundles = Bundles(database, catalogue)
    late = partial(late_outcomes.tell, bundles, keyring)
    building = partial(bundles.building, seconds=BUILD_SECONDS)
    return Dispatch(database, keyring, installation.settings, line, clock.now, late, building)
