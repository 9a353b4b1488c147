"""The checks of /readyz and the gauges of /metrics: database, schema, flows, commits, worker. Bounded in time."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ivr.calls.assembly import CallHandlers
from ivr.calls.publishing.bundles import Bundles
from ivr.db import Database, schema
from ivr.foundation import clock
from ivr.foundation.calendar import missing_days, missing_years
from ivr.foundation.errors import IvrError
from ivr.platform.jobs import heartbeat
from ivr.platform.jobs.gauges import GaugeCollector, GaugeValue, Scrape
from ivr.platform.jobs.startup import Startup
from ivr.voice.commits import CommitCheck

Check = Callable[[], str | None]
UNSEEN_SECONDS = 90  # the heartbeat interval is 15
BUILD_SECONDS = 3.0
MISSING_DAYS = "Days of this year, and from 1 November on of the next, for which the published calendar has no file"
SILENT = "the database does not answer"


def checks(startup: Startup[CallHandlers], database: Database) -> Mapping[str, Check]:
    """The checks that must pass before calls are taken; each returns None, or the problem and the remedy.

    Until the startup is complete they report its last problem and query nothing.
    """
    commits = CommitCheck(database, clock.now)
    looks: Mapping[str, Callable[[CallHandlers], str | None]] = {
        "start": lambda _: None,
        "database": lambda _: _database_problem(database),
        "migrations": lambda _: _schema_problem(database),
        "bundle": lambda parts: _bundle_problem(parts.bundles),
        "commits": lambda _: commits.problem(),
    }

    def check(name: str, look: Callable[[CallHandlers], str | None]) -> Check:
        def found() -> str | None:
            if startup.result is not None:
                return look(startup.result)
            where, reason = startup.problem
            return reason if where == name else None

        return found

    return {name: check(name, look) for name, look in looks.items()}


def warnings(startup: Startup[CallHandlers], database: Database, readable: Check) -> Mapping[str, Check]:
    """Checks that do not stop calls; `readable` reports a database that other users can read."""
    return {
        "worker": lambda: _worker_warning(database),
        "permissions": readable,
        "calendar": lambda: calendar_warning(database, startup.result.bundles, clock.now()) if startup.result else None,
    }


def gauge_values(
    database: Database, bundles: Bundles, gauges: Iterable[GaugeCollector], now: Callable[[], datetime] = clock.now
) -> list[GaugeValue]:
    """The gauge values, with a label for each queue of the newest bundle; empty when the database does not answer or
    nothing is published, which the checks report.
    """
    try:
        return bundles.building(lambda: _gauge_values(database, bundles, gauges, now()), BUILD_SECONDS)
    except (IvrError, SQLAlchemyError):
        return []


def _gauge_values(
    database: Database, bundles: Bundles, gauges: Iterable[GaugeCollector], now: datetime
) -> list[GaugeValue]:
    with database.look() as transaction:
        bundle = bundles.current(transaction)
        scrape = Scrape(transaction.connection, now, {"queue": tuple(bundle.queues)})
        missing = missing_days(bundle.calendar_years, now.astimezone(bundle.zone).date())
        calendar = GaugeValue("ivr_calendar_missing_days", MISSING_DAYS, {}, missing)
        return [calendar, *(value for gauge in gauges for value in gauge(scrape))]


def _database_problem(database: Database) -> str | None:
    name = database.durable.url.database
    if database.is_sqlite and name and not Path(name).exists():
        return f"{Path(name).name} was removed while in use: stop every process, and restore it"
    try:
        with database.look() as transaction:
            transaction.connection.execute(text("select 1"))
    except SQLAlchemyError as error:
        return f"{type(error).__name__}: check IVR_DATABASE_URL and that the database runs"
    return None


def _schema_problem(database: Database) -> str | None:
    try:
        present = schema.present(database)
    except SQLAlchemyError:
        return SILENT
    return None if present == schema.newest() else "run: python -m ivr migrate"


def _bundle_problem(bundles: Bundles) -> str | None:
    try:
        bundles.warm(BUILD_SECONDS)
    except (IvrError, SQLAlchemyError) as error:
        return str(error) if isinstance(error, IvrError) else SILENT
    return None


def _worker_warning(database: Database) -> str | None:
    try:
        with database.look() as transaction:
            unseen = heartbeat.unseen_seconds(transaction.connection, clock.now())
    except SQLAlchemyError:
        return None  # reported by the database check
    if unseen is not None and unseen < UNSEEN_SECONDS:
        return None
    return "no worker is running, so no text is sent; run: python -m ivr worker"


def calendar_warning(database: Database, bundles: Bundles, now: datetime) -> str | None:
    """A remedy when the published flows lack a year's holidays; else None."""
    try:
        with database.look() as transaction:
            bundle = bundles.current(transaction)
    except (IvrError, SQLAlchemyError):
        return None  # the checks report it
    missing = missing_years(bundle.calendar_years, now.astimezone(bundle.zone).date())
    if not missing:
        return None
    files = ", ".join(f"calendar/{year}.yaml" for year in missing)
    return f"the published flows know no holidays of {files}; write the file, and run: python -m ivr flow publish"
