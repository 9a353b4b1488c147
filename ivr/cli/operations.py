"""The commands of operations: migrate, seed, worker."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from ivr.bank.customers import known_keys
from ivr.bank.customers.demo import load_demo_customers
from ivr.bank.ledger.demo import load_demo_bank
from ivr.centre.queues.demo import load_demo_agents
from ivr.centre.staff.demo import load_demo_staff
from ivr.db import schema, work
from ivr.foundation import clock
from ivr.foundation.errors import ConfigurationError
from ivr.installation import Installation, opened
from ivr.platform.jobs.startup import Startup
from ivr.worker import Worker


def _parser(name: str, what: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"python -m ivr {name}",
        description=what,
        epilog=f"example: python -m ivr {name}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def migrate(argv: Sequence[str]) -> int:
    """Make or upgrade the database."""
    _parser("migrate", "Make the database of IVR_DATABASE_URL, or bring it to the newest version.").parse_args(argv)
    with opened() as installation:
        database = installation.database
        _ = installation.keyring  # reports a missing or wrong secret now, not at the first call
        before = schema.present(database)
        schema.upgrade(database)
        after = schema.present(database)
        known_keys.check(database, installation.keyring, clock.now())  # possible only after the migration
    print(f"the database is at version {after}" + ("" if before == after else f" (was {before or 'empty'})"))
    return 0


def load_demonstration(installation: Installation) -> bool:
    """Load the four demonstration customers, their bank and the staff; False when there are other customers.

    No staff are added when there are any already.
    """
    now, keyring, hasher = clock.now(), installation.keyring, installation.hasher
    with work(installation.database) as db:
        loaded = load_demo_customers(db, keyring, now)
        db.flush()
        loaded = loaded and load_demo_bank(db, keyring, hasher, now)
        if not loaded:
            db.rollback()
            return False
        if load_demo_staff(db, hasher.hash, now.astimezone(installation.settings.bank.zone)):
            load_demo_agents(db, now)
    return True


def seed(argv: Sequence[str]) -> int:
    """Load the demonstration bank."""
    _parser("seed", "Load the demonstration bank; never into a database that holds other customers.").parse_args(argv)
    with opened() as installation:
        if installation.environment.core_url:
            raise ConfigurationError("IVR_CORE_URL names a core bank of its own; the demonstration bank is not for it")
        schema.upgrade(installation.database)
        loaded = load_demonstration(installation)
    if loaded:
        print("the demonstration bank is there: 王芳, 李强, 陈静, 张伟, and its staff (see README.md)")
        return 0
    print("this database holds other customers, so the demonstration bank was not loaded", file=sys.stderr)
    return 1


def worker(argv: Sequence[str]) -> int:
    """Run the worker until a signal arrives."""
    _parser("worker", "Send texts and run the other background tasks, until Ctrl-C.").parse_args(argv)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with opened() as installation:
        if not installation.environment.has_provider:
            raise ConfigurationError(
                "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set; without them no text can leave"
            )
        made = Startup(lambda: _worker_of(installation, stop)).until_started(stop)
        if made is not None:
            print("the worker runs; Ctrl-C ends it", flush=True)
            made.run()
    return 0


def _worker_of(installation: Installation, stop: threading.Event) -> Worker:
    """The worker, after the checks of schema version and keys."""
    installation.check_database()
    return Worker.of(installation, stop)
