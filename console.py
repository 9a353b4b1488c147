"""The composition root of the staff pages for production: `gunicorn console:app`, a process of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ivr.centre.staff import demo
from ivr.console.application import standalone
from ivr.console.office import Office
from ivr.db import look
from ivr.foundation import clock, logs
from ivr.foundation.errors import IvrError
from ivr.installation import Installation
from ivr.platform.jobs.startup import Startup

if TYPE_CHECKING:
    from flask import Flask

FIRST_SECONDS = 10.0  # how long the server waits for the first startup attempt before it listens
APP_LOAD_ERROR = 4  # what gunicorn understands as "do not try again"


def office_of(installation: Installation, *, is_demonstration: bool) -> Office:
    """The resources of the pages; `is_demonstration`: the embedded exchange runs."""
    settings = installation.settings
    return Office(
        installation.database,
        installation.keyring,
        installation.another_hasher(),
        settings.bank.zone,
        settings.bank.name,
        clock.now,
        is_demonstration,
    )


def _opened(installation: Installation) -> Office:
    """The resources, on a migrated database; logs a warning about active demonstration staff."""
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
    try:
        made = production()
    except IvrError as error:
        print(f"the console does not start: {error}", file=sys.stderr, flush=True)
        sys.exit(APP_LOAD_ERROR)
    globals()["app"] = made
    return made
