"""The staff pages apart, for production: `gunicorn console:app`, beside the voice server and the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivr.centre.desk.paths import Paths
from ivr.centre.staff import demo
from ivr.console.application import standalone
from ivr.console.office import Office
from ivr.console.streams import Streams
from ivr.db import look
from ivr.foundation import clock, logs
from ivr.installation import FIRST_SECONDS, Installation, made_or_exit
from ivr.platform.jobs.opening import Opening
from ivr.platform.live import Listener

if TYPE_CHECKING:
    from flask import Flask


def office_of(installation: Installation, *, is_demonstration: bool, most_streams: int | None = None) -> Office:
    """What the pages of an installation work with; `is_demonstration` while the embedded exchange runs.

    `most_streams`: fewer than config.yaml allows, where callers are served by the same threads.
    """
    settings = installation.settings
    streams = settings.console.streams if most_streams is None else min(most_streams, settings.console.streams)
    return Office(
        installation.database,
        installation.keyring,
        installation.another_hasher(),
        settings.bank.zone,
        settings.bank.name,
        clock.now,
        Paths(installation.environment.public_url),
        settings.wrap_up,
        Streams(Listener(installation.database), streams),
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
    """The application for gunicorn; its pages say that they wait while the database is away."""
    logs.configure()
    installation = Installation.here()
    opening: Opening[Office] = Opening(lambda: _opened(installation))
    opening.begin(FIRST_SECONDS)
    return standalone(lambda: opening.parts)


def __getattr__(name: str) -> object:
    """`console:app` is made when gunicorn asks for it; importing this module does nothing."""
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = made_or_exit(production, "the console")
    return globals()["app"]
