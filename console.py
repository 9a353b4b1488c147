"""The staff pages apart, for production: `gunicorn console:app`, beside the voice server and the worker."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ivr.centre.staff import demo
from ivr.console.application import standalone
from ivr.console.office import Office
from ivr.console.streams import Streams
from ivr.db import look
from ivr.foundation import clock, logs
from ivr.foundation.errors import IvrError
from ivr.installation import Installation
from ivr.platform.jobs.opening import Opening
from ivr.platform.live import Listener

if TYPE_CHECKING:
    from flask import Flask

FIRST_SECONDS = 10.0  # how long the server waits for the first try to open before it listens
APP_LOAD_ERROR = 4  # what gunicorn understands as "do not try again"


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
        Streams(Listener(installation.database), streams),
        is_demonstration,
    )


def _opened(installation: Installation) -> Office:
    """The office, on a database of this version; staff whose passwords everybody knows are told in the log."""
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
    try:
        made = production()
    except IvrError as error:
        print(f"the console does not start: {error}", file=sys.stderr, flush=True)
        sys.exit(APP_LOAD_ERROR)
    globals()["app"] = made
    return made
