"""The composition root of the staff pages for production: `gunicorn console:app`, a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivr.calls.assembly import service_resources
from ivr.calls.desk_bank import DeskBank
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.services.registry import catalogue
from ivr.centre.desk.paths import Paths
from ivr.centre.staff import demo
from ivr.console.application import standalone
from ivr.console.office import Office
from ivr.console.scripts import read_scripts
from ivr.console.streams import Streams
from ivr.db import look
from ivr.foundation import clock, logs
from ivr.installation import FIRST_SECONDS, Installation, made_or_exit
from ivr.platform.jobs.startup import Startup
from ivr.platform.live import Listener

if TYPE_CHECKING:
    from flask import Flask


def office_of(installation: Installation, *, is_demonstration: bool, most_streams: int | None = None) -> Office:
    """What the pages of an installation work with; `is_demonstration` while the embedded exchange runs.

    `most_streams`: fewer than config.yaml allows, where callers are served by the same threads.
    """
    settings, hasher = installation.settings, installation.another_hasher()
    bank = service_resources(installation.environment, settings, installation.keyring, hasher)
    streams = settings.console.streams if most_streams is None else min(most_streams, settings.console.streams)
    return Office(
        installation.database,
        installation.keyring,
        hasher,
        settings.bank.zone,
        settings.bank.name,
        clock.now,
        Paths(installation.environment.public_url, settings.wrap_up.pause),
        settings.wrap_up,
        installation.floor_rules,
        DeskBank(installation.database, bank, Bundles(installation.database, catalogue)),
        read_scripts(installation.root / "scripts", settings.languages),
        Streams(Listener(installation.database), streams),
        installation.provider.recordings,
        Bundles(installation.database, catalogue),
        is_demonstration,
        trusted_proxies=installation.environment.trusted_proxies,
    )


def _opened(installation: Installation) -> Office:
    """The office, on a database of this version; demonstration accounts in it are told in the log."""
    installation.check_database()
    office = office_of(installation, is_demonstration=False)
    with look(office.database) as db:
        demo.warn(db)
    return office


def production() -> Flask:
    """The application for gunicorn; while the database is unavailable its pages say so."""
    logs.configure()
    installation = Installation.here()
    startup: Startup[Office] = Startup(lambda: _opened(installation))
    startup.begin(FIRST_SECONDS)
    return standalone(lambda: startup.result)


def __getattr__(name: str) -> object:
    """Create `console:app` on access by gunicorn; importing this module has no effect."""
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = made_or_exit(production, "the console")
    return globals()["app"]
