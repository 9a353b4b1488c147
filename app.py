"""The composition root of the voice server, for gunicorn; `python app.py` runs everything in one process."""

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
from ivr.calls.assembly import CallHandlers, assemble
from ivr.calls.publishing.sources import read_sources
from ivr.calls.restart import end_earlier_calls
from ivr.calls.services.registry import catalogue
from ivr.centre.desk.paths import Paths
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
from ivr.platform.jobs.startup import Startup
from ivr.voice import health, readiness, webhooks
from ivr.voice.application import application, recordings
from ivr.worker import Worker

if TYPE_CHECKING:
    from flask import Blueprint, Flask

    from exchange import Exchange

THREADS = 48
STREAMS = 12  # of live pages: each holds one of those threads, and callers need the others
BUILD_SECONDS = 60.0
MUSIC = "/audio/music/hold.wav"  # the hold music, prompts/music/hold.wav; without it callers wait in silence


@dataclass(frozen=True)
class Started:
    """What a process starts with. `known`: built bundles; `is_published`: the folder's flows were published already."""

    installation: Installation
    known: Mapping[str, Bundle] = field(default_factory=dict)
    is_published: bool = False
    refuses: bool = True


_started: Started | None = None


def assembled(installation: Installation, known: Mapping[str, Bundle] | None = None) -> CallHandlers:
    """The call handlers, on a migrated database with published flows; the current bundle is built."""
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
    parts.bundles.warm(BUILD_SECONDS)  # before the first call
    return parts


def serving(installation: Installation, startup: Startup[CallHandlers], *extra: Blueprint) -> Flask:
    """The WSGI application: static answers and /readyz at once, calls as soon as the startup is complete."""
    settings, database, provider = installation.settings, installation.database, installation.provider
    context = webhooks.VoiceContext(
        lambda: startup.result,
        installation.environment.public_url,
        provider.webhooks,
        provider.documents,
        tuple(settings.speech),
        lambda: (startup.result.bundles.overflow if startup.result else None) or settings.routing[-1].queue,
    )
    warnings = readiness.warnings(startup, database, lambda: installation.readable_by_others)
    return application(
        webhooks.blueprint(context),
        health.blueprint(
            readiness.checks(startup, database),
            lambda: (
                readiness.gauge_values(database, startup.result.bundles, GAUGES) if startup.result is not None else []
            ),
            warnings,
        ),
        recordings(installation.root / "prompts"),
        *extra,
        base=context.base,
    )


def build(installation: Installation) -> Flask:
    """The WSGI application of a complete installation; raises the error that prevents taking calls."""
    startup = Startup(lambda: assembled(installation))
    startup.open()
    return serving(installation, startup)


def started() -> Started:
    """Read and build what a process starts with; opens no connection. Raises `ConfigurationError`."""
    installation = Installation.here()
    known: dict[str, Bundle] = {}
    with suppress(IvrError):  # with a faulty folder, the published bundle is built once the database is available
        bundle = build_bundle(read_sources(installation.root, installation.settings), catalogue())
        known[bundle.hash] = bundle
    return Started(installation, known)


def preload(read: Started, *, is_published: bool) -> None:
    """Let workers that are forked from this process start with what was read.

    So they take calls at once, and a config.yaml that is broken by then does not stop a running hotline.
    `is_published`: another process has published the folder's flows.
    """
    globals()["_started"] = replace(read, is_published=is_published, refuses=False)


def production() -> Flask:
    """The application for gunicorn; raises a final error at the first start."""
    logs.configure()
    begun = _started or Started(Installation.here())
    begun.installation.check_provider()
    startup = Startup(lambda: _whole(begun))
    startup.begin(FIRST_SECONDS, refuses=begun.refuses)
    return serving(begun.installation, startup)


def _whole(begun: Started) -> CallHandlers:
    begun.installation.check_database()
    if not begun.is_published:
        begun.installation.publish()
    return assembled(begun.installation, begun.known)


def __getattr__(name: str) -> object:
    """Create `app:app` on access by gunicorn; importing this module has no effect."""
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = made_or_exit(production, "the hotline")
    return globals()["app"]


def with_exchange(environment: Environment) -> tuple[Environment, Exchange]:
    """The environment with generated credentials for the embedded exchange, and the exchange."""
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


@cache  # printed once, even if the startup is retried
def _say(line: str) -> None:
    print(line, flush=True)


def _open_here(installation: Installation, exchange: Exchange | None, stop: threading.Event) -> CallHandlers:
    """Migrate, load the demonstration bank, publish the flows, and start the worker, which runs until `stop`."""
    schema.upgrade(installation.database)
    _say(f"database   version {schema.present(installation.database)}")
    installation.check_database()
    if exchange is not None:
        _say(f"bank       {_bank(installation)}")
        paths = Paths(installation.environment.public_url)
        end_earlier_calls(installation.database, installation.keyring, paths, clock.now())
    _say(f"flows      bundle {installation.publish()}")
    parts = assembled(installation)
    environment = installation.environment
    threading.Thread(target=Worker.of(installation, stop).run, name="worker", daemon=True).start()
    if exchange is not None:
        _say(OPEN.format(number=environment.hotline_number, url=environment.local_url, staff=STAFF))
    else:
        _say(f"console    {environment.local_url}/console/")
    return parts


def _beside(installation: Installation, startup: Startup[CallHandlers], exchange: Exchange | None) -> list[Blueprint]:
    """The blueprints besides the webhooks: the staff pages, and the embedded telephone exchange."""
    office = cache(lambda: office_of(installation, is_demonstration=exchange is not None, most_streams=STREAMS))
    pages = staff_pages(lambda: office() if startup.result is not None else None)
    return [pages, *([exchange.blueprint()] if exchange is not None else [])]


def _interrupt(stop: threading.Event) -> None:
    """Streams end before the server waits for its threads."""
    stop.set()
    raise KeyboardInterrupt


def main() -> int:
    """Serve until Ctrl-C; take calls as soon as the database is available."""
    import waitress

    logs.configure()
    installation = Installation.here()
    exchange: Exchange | None = None
    if not installation.environment.has_provider:
        environment, exchange = with_exchange(installation.environment)
        installation = replace(installation, environment=environment)
    stop, environment = threading.Event(), installation.environment
    startup = Startup(lambda: _open_here(installation, exchange, stop))
    app = serving(installation, startup, *_beside(installation, startup, exchange))
    app.extensions["is_stopping"] = stop.is_set
    signal.signal(signal.SIGINT, lambda *_: _interrupt(stop))
    server = waitress.create_server(
        app,
        host=environment.host,
        port=environment.port,
        threads=THREADS,
        ident=None,
        connection_limit=1000,
        asyncore_use_poll=True,  # select() fails with more than 1,024 file descriptors
        clear_untrusted_proxy_headers=False,  # whose word is taken, IVR_TRUSTED_PROXIES says
        channel_request_lookahead=1,  # so that a stream sees its browser go
    )
    try:
        startup.begin(FIRST_SECONDS)
        server.run()
    finally:
        stop.set()
        startup.close()
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
