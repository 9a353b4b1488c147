"""python -m ivr flow publish, rollback, history: which bundle new calls run on."""

import argparse
from collections.abc import Sequence

from sqlalchemy import select

from ivr.calls.models import PublishedBundle
from ivr.calls.publishing import bundles as published
from ivr.calls.publishing.sources import needing_restart
from ivr.calls.services.registry import catalogue
from ivr.cli.output import print_findings, proven, say, warn
from ivr.db import schema
from ivr.engine.findings import FlowFaults
from ivr.engine.sources import Sources, build
from ivr.foundation import clock
from ivr.foundation.errors import ConfigurationError, DatabaseOutdated
from ivr.foundation.messages import message
from ivr.installation import Installation


def publish(given: argparse.Namespace) -> int:
    """Check the folder, then publish it for new calls."""
    try:
        sources, bundle = proven(given)
    except FlowFaults as faults:
        return print_findings(faults, given)
    warn(bundle, given)
    installation = Installation.here()
    if schema.present(installation.database) != schema.newest():
        raise DatabaseOutdated
    keyring = installation.keyring
    with installation.database.begin() as connection:
        before = published.current(connection)
        replaced = published.sources_of(connection, before)
        digest = published.publish(connection, keyring, sources, clock.now(), given.by, given.reason)
    if before == digest:
        say(given, message("new calls run on {digest} already; nothing was changed", digest=digest))
    elif before:
        words = message(
            "new calls run on {digest} (before: {before}); python -m ivr flow rollback undoes it",
            digest=digest, before=before,
        )  # fmt: skip
        say(given, words)
    else:
        say(given, message("new calls run on {digest}", digest=digest))
    _tell_restart([] if replaced is None else needing_restart(replaced, sources), given)
    return 0


def _tell_restart(places: Sequence[str], given: argparse.Namespace) -> None:
    """Print which changes need a restart of running processes."""
    if places:
        words = message(
            "restart every process for {places} of config.yaml: they read these when they start",
            places=", ".join(places),
        )
    else:
        words = message(
            "nothing needs a restart: flows, prompts, hours, holidays, queues, routing and billers are of the bundle"
        )
    say(given, words)


def rollback(given: argparse.Namespace) -> int:
    """Publish the bundle before the current one again."""
    installation = Installation.here()
    with installation.database.look() as transaction:
        connection = transaction.connection
        digest = published.previous(connection)
        text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == digest))
        if digest is None or text is None:
            raise ConfigurationError(
                message("there is no earlier bundle to go back to; see: python -m ivr flow history")
            )
    sources = Sources.load(text)
    build(sources, catalogue())  # a bundle that this release cannot run must not become current
    keyring = installation.keyring
    with installation.database.begin() as connection:
        if published.previous(connection) != digest:
            raise ConfigurationError(message("another publication came between; see: python -m ivr flow history"))
        published.publish(connection, keyring, sources, clock.now(), given.by, given.reason or "rollback")
    say(given, message("new calls run on {digest} again; calls under way stay on theirs", digest=digest))
    return 0


def history(given: argparse.Namespace) -> int:
    """Print the publications, the newest first."""
    installation = Installation.here()
    zone = installation.settings.bank.zone
    with installation.database.begin(durable=False) as connection:
        rows = published.history(connection)
    for number, row in enumerate(rows):
        mark = "*" if number == 0 else " "
        print(f"{mark} {row.at.astimezone(zone):%Y-%m-%d %H:%M}  {row.bundle}  {row.by:12} {row.reason}".rstrip())
    if not rows:
        say(given, message("nothing was published yet; python -m ivr flow publish"))
    return 0
