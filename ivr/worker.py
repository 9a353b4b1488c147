"""The worker: runs the tasks of every domain; several may run at once, on several machines."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ivr.bank.remote.dispatch import Dispatch
from ivr.calls import late_outcomes
from ivr.calls.assembly import core_client
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.publishing.staffing import PublishedStaffing
from ivr.calls.services.registry import catalogue
from ivr.calls.stale_queue_entries import CallProvider
from ivr.centre.desk.paths import Paths
from ivr.centre.floor.board import FloorRules
from ivr.centre.queues.distribution import Staffing
from ivr.db import Database
from ivr.domains import TASKS
from ivr.foundation import clock
from ivr.foundation.crypto import Keyring
from ivr.installation import Installation
from ivr.platform.jobs import tasks
from ivr.platform.outbox.sending import TextProvider
from ivr.telephony.provider import Provider

BUILD_SECONDS = 60.0  # longer than for a turn: no caller waits for a text


@dataclass(frozen=True)
class Worker:
    """The resources of the tasks; `anchor_file` is the file of the audit log's anchors."""

    database: Database
    keyring: Keyring
    texts: TextProvider
    calls: CallProvider
    anchor_file: Path
    provider: Provider
    paths: Paths
    floor_rules: FloorRules
    recordings_kept: timedelta
    dispatch: Dispatch | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    _staffing: PublishedStaffing = field(default_factory=PublishedStaffing)

    @classmethod
    def of(cls, installation: Installation, stop: threading.Event) -> "Worker":
        """The worker of an installation."""
        provider = installation.provider
        return cls(
            installation.database, installation.keyring, provider.texts, provider.calls, installation.anchor_file,
            provider, Paths(installation.environment.public_url, installation.settings.wrap_up.pause),
            installation.floor_rules, timedelta(days=installation.settings.recordings.days),
            _dispatch(installation), stop,
        )  # fmt: skip

    def now(self) -> datetime:
        """The present time, aware UTC."""
        return clock.now()

    def staffing(self) -> Staffing:
        """Who serves each queue of the newest published bundle."""
        return self._staffing.read(self.database)

    def steady(self) -> float:
        """Seconds of the monotonic clock."""
        return clock.steady()

    def run(self) -> None:
        """Run every task until `stop` is set."""
        tasks.run(tasks.threads_of(TASKS, self, self.steady), self.stop)


def _dispatch(installation: Installation) -> Dispatch | None:
    client = core_client(installation.environment)
    if client is None:
        return None
    database, keyring = installation.database, installation.keyring
    bundles = Bundles(database, catalogue)
    late = partial(late_outcomes.tell, bundles, keyring)
    building = partial(bundles.building, seconds=BUILD_SECONDS)
    return Dispatch(database, keyring, installation.settings, client, clock.now, late, building)
