"""The staff pages apart, for production: `gunicorn console:app`, beside the voice server and the worker."""

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
from ivr.platform.jobs.opening import Opening

if TYPE_CHECKING:
    from flask import Flask

FIRST_SECONDS = 10.0  # how long the server waits for the first try to open before it listens
APP_LOAD_ERROR = 4  # what gunicorn understands as "do not try again"


def office_of(installation: Installation, *, is_demonstration: bool) -> Office:
    """What the pages of an installation work with; `is_demonstration` while the embedded exchange runs."""
    settings = installation.settings
    return Office(
        installation.database,
        installation.keyring,
        installation.another_hasher(),
        settings.bank.zone,
        settings.bank.name,
        clock.now,
        is_demonstration,
        installation.environment.trusted_proxies,
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
    try:
        made = production()
    except IvrError as error:
        print(f"the console does not start: {error}", file=sys.stderr, flush=True)
        sys.exit(APP_LOAD_ERROR)
    globals()["app"] = made
    return made
