"""The composition root: settings in, WSGI application out; `python app.py` starts everything in one process."""

from __future__ import annotations

import secrets
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from console import office_of
from ivr.bank.customers.demo_numbers import DEMO_NUMBERS
from ivr.calls.assembly import Parts, assemble
from ivr.calls.publishing.sources import read_sources
from ivr.calls.services.registry import catalogue
from ivr.centre.staff.demo import DEMO_STAFF
from ivr.cli.operations import load_demonstration
from ivr.console.application import blueprint as staff_pages
from ivr.db import schema
from ivr.domains import GAUGES
from ivr.engine.bundle import Bundle
from ivr.engine.sources import build as build_bundle
from ivr.foundation import clock, logs
from ivr.foundation.addresses import is_loopback
from ivr.foundation.environment import Environment
from ivr.foundation.errors import ConfigurationError, IvrError
from ivr.installation import FIRST_SECONDS, Installation, made_or_exit
from ivr.platform.jobs.opening import Opening
from ivr.voice import health, readiness, webhooks
from ivr.voice.application import application, recordings
from ivr.worker import Worker

if TYPE_CHECKING:
    from flask import Blueprint, Flask

    from exchange import Exchange

THREADS = 48
STREAMS = 12  # of live pages: each holds one of those threads, and callers need the others
BUILD_SECONDS = 60.0
MUSIC = "/audio/music/hold.wav"  # prompts/music/hold.wav; without it callers wait in silence


@dataclass(frozen=True)
class Started:
    """What a process begins with. `known`: bundles built before; `is_published`: the folder's flows need no look."""

    installation: Installation
    known: Mapping[str, Bundle] = field(default_factory=dict)
    is_published: bool = False
    refuses: bool = True


_started: Started | None = None


def assembled(installation: Installation, known: Mapping[str, Bundle] | None = None) -> Parts:
    """What takes calls, on a database that is migrated and holds published flows; the present ones are built."""
    parts = assemble(
        installation.environment,
        installation.settings,
        installation.database,
        installation.keyring,
        installation.hasher,
        clock.now,
        installation.provider.documents,
        MUSIC if (installation.root / "prompts" / "music" / "hold.wav").exists() else "",
        known,
    )
    parts.bundles.warm(BUILD_SECONDS)  # built now, not while the first caller waits
    return parts


def serving(installation: Installation, opening: Opening[Parts], *extra: Blueprint) -> Flask:
    """The WSGI application: the static answers and /readyz from now on, calls as soon as it is open."""
    settings, database, provider = installation.settings, installation.database, installation.provider
    line = webhooks.Line(
        lambda: opening.parts,
        installation.environment.public_url,
        provider.webhooks,
        provider.documents,
        tuple(settings.speech),
        lambda: (opening.parts.bundles.overflow if opening.parts else None) or settings.routing[-1].queue,
    )
    warnings = readiness.warnings(opening, database, lambda: installation.readable_by_others)
    return application(
        webhooks.blueprint(line),
        health.blueprint(
            readiness.checks(opening, database),
            lambda: readiness.figures(database, opening.parts.bundles, GAUGES) if opening.parts is not None else [],
            warnings,
        ),
        recordings(installation.root / "prompts"),
        *extra,
        base=line.base,
    )


def build(installation: Installation) -> Flask:
    """The WSGI application of an installation that is whole; raises what keeps it from taking calls."""
    opening = Opening(lambda: assembled(installation))
    opening.open()
    return serving(installation, opening)


def started() -> Started:
    """What a process begins with, read and built now; no connection is opened. Raises `ConfigurationError`."""
    installation = Installation.here()
    known: dict[str, Bundle] = {}
    with suppress(IvrError):  # a folder that fails: what is published is built when the database is there
        bundle = build_bundle(read_sources(installation.root, installation.settings), catalogue())
        known[bundle.hash] = bundle
    return Started(installation, known)


def preload(read: Started, *, is_published: bool) -> None:
    """Let the workers that are forked from this process begin with what was read, whenever they are made.

    So they take calls at once, and whatever stands in config.yaml by then does not end a hotline that runs.
    `is_published`: another process has looked at the folder's flows.
    """
    globals()["_started"] = replace(read, is_published=is_published, refuses=False)


def production() -> Flask:
    """The application for gunicorn; raises where no waiting helps and nothing was served yet."""
    logs.configure()
    begun = _started or Started(Installation.here())
    begun.installation.check_provider()
    opening = Opening(lambda: _whole(begun))
    opening.begin(FIRST_SECONDS, refuses=begun.refuses)
    return serving(begun.installation, opening)


def _whole(begun: Started) -> Parts:
    begun.installation.check_database()
    if not begun.is_published:
        begun.installation.publish()
    return assembled(begun.installation, begun.known)


def __getattr__(name: str) -> object:
    """`app:app` is made when gunicorn asks for it; importing this module does nothing."""
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = made_or_exit(production, "the hotline")
    return globals()["app"]


def with_exchange(environment: Environment) -> tuple[Environment, Exchange]:
    """The environment completed with the embedded exchange's own credentials, and the exchange."""
    from exchange import DemoNumber, Exchange, ExchangeSettings

    if not is_loopback(environment.host):
        raise ConfigurationError(
            "the embedded exchange listens on loopback only; unset HOST, or give the provider's credentials"
        )
    sid, token = f"AC{secrets.token_hex(16)}", secrets.token_hex(16)
    public = environment.public_url
    exchange = Exchange(
        ExchangeSettings(
            account_sid=sid,
            auth_token=token,
            hotline_number=environment.hotline_number,
            voice_url=f"{public}/voice",
            status_url=f"{public}/voice/status",
            fallback_url=f"{public}/voice/fallback",
            pace="real",
            demo_numbers=tuple(DemoNumber(*each) for each in DEMO_NUMBERS),
        )
    )
    own = {"account_sid": sid, "auth_token": token, "api_url": environment.local_url}
    return environment.model_copy(update=own), exchange


def _bank(installation: Installation) -> str:
    if installation.environment.core_url:
        return f"the core bank at {installation.environment.core_url}"
    return "the demonstration bank" if load_demonstration(installation) else "customers of your own"


OPEN = """
The hotline {number} is open.
  a telephone in the browser   {url}/phone
  a telephone in the terminal  .venv/bin/python -m ivr call --url {url}
  the staff pages              {url}/console/
{staff}
Ctrl-C ends it."""


STAFF = "    sign in as {}\n    password demo-<user name>-2026".format(
    ", ".join(shown.person.user_name for shown in DEMO_STAFF)
)


@cache  # a start that is tried again says each of these once
def _say(line: str) -> None:
    print(line, flush=True)


def _open_here(installation: Installation, exchange: Exchange | None, stop: threading.Event) -> Parts:
    """Migrate, load the demonstration bank, publish the flows; then the worker runs too, until told to stop."""
    schema.upgrade(installation.database)
    _say(f"database   version {schema.present(installation.database)}")
    installation.check_database()
    if exchange is not None:
        _say(f"bank       {_bank(installation)}")
    _say(f"flows      bundle {installation.publish()}")
    parts = assembled(installation)
    environment = installation.environment
    threading.Thread(target=Worker.of(installation, stop).run, name="worker", daemon=True).start()
    if exchange is not None:
        _say(OPEN.format(number=environment.hotline_number, url=environment.local_url, staff=STAFF))
    else:
        _say(f"console    {environment.local_url}/console/")
    return parts


def _beside(installation: Installation, opening: Opening[Parts], exchange: Exchange | None) -> list[Blueprint]:
    """What one process serves beside the webhooks: the staff pages, and the telephone exchange where it is embedded."""
    office = cache(lambda: office_of(installation, is_demonstration=exchange is not None, most_streams=STREAMS))
    pages = staff_pages(lambda: office() if opening.parts is not None else None)
    return [pages, *([exchange.blueprint()] if exchange is not None else [])]


def _interrupt(stop: threading.Event) -> None:
    """Streams end before the server waits for its threads."""
    stop.set()
    raise KeyboardInterrupt


def main() -> int:
    """Serve until Ctrl-C, and take calls as soon as the database lets it."""
    import waitress

    logs.configure()
    installation = Installation.here()
    exchange: Exchange | None = None
    if not installation.environment.has_provider:
        environment, exchange = with_exchange(installation.environment)
        installation = replace(installation, environment=environment)
    stop, environment = threading.Event(), installation.environment
    opening = Opening(lambda: _open_here(installation, exchange, stop))
    app = serving(installation, opening, *_beside(installation, opening, exchange))
    app.extensions["is_stopping"] = stop.is_set
    signal.signal(signal.SIGINT, lambda *_: _interrupt(stop))
    server = waitress.create_server(
        app,
        host=environment.host,
        port=environment.port,
        threads=THREADS,
        ident=None,
        connection_limit=1000,
        asyncore_use_poll=True,  # select() ends the server at the descriptor numbered 1,024
        clear_untrusted_proxy_headers=False,  # whose word is taken, IVR_TRUSTED_PROXIES says
        channel_request_lookahead=1,  # so that a stream sees its browser go
    )
    try:
        opening.begin(FIRST_SECONDS)
        server.run()
    finally:
        stop.set()
        opening.close()
        if exchange is not None:
            exchange.close()
        for thread in threading.enumerate():
            if thread.name == "worker":
                thread.join(timeout=5)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except IvrError as problem:
        sys.exit(f"the hotline does not start: {problem}")
    except OSError as problem:
        sys.exit(f"the hotline does not start: {problem}; is another one running? choose a port with PORT=5001")
