"""The composition root: settings in, WSGI application out; `python app.py` starts everything in one process."""

from __future__ import annotations

import secrets
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ivr import clock, logs
from ivr.calls.assembly import assemble
from ivr.cli.installation import Installation
from ivr.cli.operations import load_demonstration
from ivr.db import schema
from ivr.environment import Environment, is_loopback
from ivr.errors import ConfigurationError, IvrError
from ivr.jobs.worker import Worker
from ivr.telephony.forms import FormRules
from ivr.web import health, readiness, webhooks
from ivr.web.application import application, recordings

if TYPE_CHECKING:
    from flask import Blueprint, Flask

    from ivr.exchange import Exchange

THREADS = 48
APP_LOAD_ERROR = 4  # what gunicorn understands as "do not try again"
MUSIC = "/audio/music/hold.wav"  # prompts/music/hold.wav; without it callers wait in silence


def build(installation: Installation, *extra: Blueprint) -> Flask:
    """The WSGI application of an installation whose database is migrated and whose flows are published."""
    parts = assemble(
        installation.environment,
        installation.settings,
        installation.database,
        installation.keyring,
        installation.hasher,
        clock.now,
        MUSIC if (installation.root / "prompts" / "music" / "hold.wav").exists() else "",
    )
    parts.bundles.warm()  # built now, not while the first caller waits
    line = webhooks.Line(
        parts.conversation,
        parts.waiting_room,
        installation.environment.public_url,
        FormRules(
            installation.environment.account_sid,
            installation.settings.telephony.call_ids,
            frozenset(installation.settings.telephony.trusted_sip_hosts),
        ),
        installation.environment.auth_token,
        parts.voices,
        installation.settings.routing[-1].queue,
    )
    database, queues = installation.database, tuple(installation.settings.queues)
    checks, warnings = readiness.checks(database, parts.bundles), readiness.warnings(database)
    return application(
        webhooks.blueprint(line),
        health.blueprint(checks, lambda: readiness.figures(database, queues), warnings),
        recordings(installation.root / "prompts"),
        *extra,
    )


def production() -> Flask:
    """The application for gunicorn; refuses to start where `Installation.check_production` does."""
    logs.configure()
    installation = Installation.here()
    installation.check_production()
    installation.publish()  # done already, before the first worker started, unless another server serves this
    return build(installation)


def __getattr__(name: str) -> object:
    """`app:app` is made when gunicorn asks for it; importing this module does nothing."""
    if name != "app":
        raise AttributeError(name)
    try:
        made = production()
    except IvrError as error:
        print(f"the hotline does not start: {error}", file=sys.stderr, flush=True)
        sys.exit(APP_LOAD_ERROR)
    globals()["app"] = made
    return made


def with_exchange(environment: Environment) -> tuple[Environment, Exchange]:
    """The environment completed with the embedded exchange's own credentials, and the exchange."""
    from ivr.exchange import DemoNumber, Exchange, ExchangeSettings

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


DEMO_NUMBERS = (
    (
        "+8613800138000",
        "王芳",
        "卡号 6222021001122334458，查询密码 739164，交易密码 285907",
        "card 6222021001122334458, query password 739164, transaction password 285907",
    ),
    (
        "+8613912345678",
        "李强",
        "卡号 6222023101002003005，查询密码 582047，交易密码 916358",
        "card 6222023101002003005, query password 582047, transaction password 916358",
    ),
    (
        "+8615012340001",
        "陈静",
        "卡号 6225880102030405068，查询密码 846213，交易密码 370582",
        "card 6225880102030405068, query password 846213, transaction password 370582",
    ),
    (
        "+8618610010002",
        "张伟",
        "卡号 6217001234567890122（已冻结），查询密码 705938，交易密码 461207",
        "card 6217001234567890122 (frozen), query password 705938, transaction password 461207",
    ),
)


def _bank(installation: Installation) -> str:
    if installation.environment.core_url:
        return f"the core bank at {installation.environment.core_url}"
    return "the demonstration bank" if load_demonstration(installation) else "customers of your own"


OPEN = """
The hotline {number} is open.
  a telephone in the browser   {url}/phone
  a telephone in the terminal  .venv/bin/python -m ivr call --url {url}
Ctrl-C ends it."""


def _worker(installation: Installation) -> tuple[threading.Event, threading.Thread]:
    """The worker on a thread of this process, running, and what tells it to stop."""
    stop = threading.Event()
    worker = Worker.of(
        installation.environment,
        installation.settings,
        installation.database,
        installation.keyring,
        installation.anchor_file,
    )
    thread = threading.Thread(target=worker.run, args=(stop,), name="worker", daemon=True)
    thread.start()
    return stop, thread


def main() -> int:
    """Migrate, load the demonstration bank, publish the flows, and serve until Ctrl-C."""
    import waitress

    logs.configure()
    installation = Installation.here()
    schema.upgrade(installation.database)
    print(f"database   version {schema.present(installation.database)}", flush=True)
    exchange: Exchange | None = None
    if not installation.environment.has_provider:
        print(f"bank       {_bank(installation)}", flush=True)
        environment, exchange = with_exchange(installation.environment)
        installation = replace(installation, environment=environment)
    digest = installation.publish()
    print(f"flows      bundle {digest}", flush=True)
    app = build(installation, *([exchange.blueprint()] if exchange else []))
    environment = installation.environment
    stop, worker = _worker(installation)
    server = waitress.create_server(
        app, host=environment.host, port=environment.port, threads=THREADS, ident=None, connection_limit=1000
    )
    if exchange is not None:
        print(OPEN.format(number=environment.hotline_number, url=environment.local_url), flush=True)
    try:
        server.run()
    finally:
        stop.set()
        if exchange is not None:
            exchange.close()
        worker.join(timeout=5)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except IvrError as problem:
        sys.exit(f"the hotline does not start: {problem}")
    except OSError as problem:
        sys.exit(f"the hotline does not start: {problem}; is another one running? choose a port with PORT=5001")
