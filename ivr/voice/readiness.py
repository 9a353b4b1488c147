"""What /readyz and /metrics look at: database, version, flows, a commit, the worker. Never waits long."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ivr.calls.assembly import Parts
from ivr.calls.publishing.bundles import Bundles
from ivr.db import Database, schema
from ivr.foundation import clock
from ivr.foundation.calendar import missing_days, missing_years
from ivr.foundation.errors import IvrError
from ivr.platform.jobs import heartbeat
from ivr.platform.jobs.figures import Figure, Gauge, Look
from ivr.platform.jobs.opening import Opening
from ivr.voice.commits import CommitCheck

Check = Callable[[], str | None]
UNSEEN_SECONDS = 90  # a worker shows itself every 15
BUILD_SECONDS = 3.0
MISSING_DAYS = "Days of this year, and from 1 November on of the next, for which the published calendar has no file"
SILENT = "the database does not answer"


def checks(opening: Opening[Parts], database: Database) -> Mapping[str, Check]:
    """What must hold before calls are taken; each gives None, or what is wrong and what to do.

    Until the hotline is open they tell what the opening met last, and ask nobody.
    """
    commits = CommitCheck(database, clock.now)
    looks: Mapping[str, Callable[[Parts], str | None]] = {
        "start": lambda _: None,
        "database": lambda _: _database_problem(database),
        "migrations": lambda _: _schema_problem(database),
        "bundle": lambda parts: _bundle_problem(parts.bundles),
        "commits": lambda _: commits.problem(),
    }

    def check(name: str, look: Callable[[Parts], str | None]) -> Check:
        def found() -> str | None:
            if opening.parts is not None:
                return look(opening.parts)
            where, reason = opening.problem
            return reason if where == name else None

        return found

    return {name: check(name, look) for name, look in looks.items()}


def warnings(opening: Opening[Parts], database: Database, readable: Check) -> Mapping[str, Check]:
    """What calls can do without for a while; `readable` says what to do where others can read the database."""
    return {
        "worker": lambda: _worker_warning(database),
        "permissions": readable,
        "calendar": lambda: calendar_warning(database, opening.parts.bundles, clock.now()) if opening.parts else None,
    }


def figures(
    database: Database, bundles: Bundles, gauges: Iterable[Gauge], now: Callable[[], datetime] = clock.now
) -> list[Figure]:
    """How things stand, by the queues of the newest bundle; none where the database does not answer, or nothing is
    published, which the checks say.
    """
    try:
        return bundles.building(lambda: _figures(database, bundles, gauges, now()), BUILD_SECONDS)
    except (IvrError, SQLAlchemyError):
        return []


def _figures(database: Database, bundles: Bundles, gauges: Iterable[Gauge], now: datetime) -> list[Figure]:
    with database.look() as transaction:
        bundle = bundles.current(transaction)
        look = Look(transaction.connection, now, {"queue": tuple(bundle.queues)})
        missing = missing_days(bundle.calendar_years, now.astimezone(bundle.zone).date())
        calendar = Figure("ivr_calendar_missing_days", MISSING_DAYS, {}, missing)
        return [calendar, *(figure for gauge in gauges for figure in gauge(look))]


def _database_problem(database: Database) -> str | None:
    name = database.durable.url.database
    if database.is_sqlite and name and not Path(name).exists():
        return f"{Path(name).name} was taken away while it was in use: stop every process, and bring it back"
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
        return None  # the checks tell of it
    if unseen is not None and unseen < UNSEEN_SECONDS:
        return None
    return "no worker was seen lately, so no text leaves; run: python -m ivr worker"


def calendar_warning(database: Database, bundles: Bundles, now: datetime) -> str | None:
    """What to do where the published flows do not know a year's holidays by now; else None."""
    try:
        with database.look() as transaction:
            bundle = bundles.current(transaction)
    except (IvrError, SQLAlchemyError):
        return None  # the checks tell of it
    missing = missing_years(bundle.calendar_years, now.astimezone(bundle.zone).date())
    if not missing:
        return None
    files = ", ".join(f"calendar/{year}.yaml" for year in missing)
    return f"the published flows know no holidays of {files}; write the file, and run: python -m ivr flow publish"
