"""Liveness, readiness and metrics: problems come with a remedy, and no metric contains personal data."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import app as product
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.services.registry import catalogue
from ivr.db import Database
from ivr.foundation import clock
from ivr.installation import Installation
from ivr.platform.jobs import heartbeat
from ivr.voice import commits, health, readiness
from ivr.voice.application import application, recordings
from tests.journeys.steps import BALANCE
from tests.support.caller import Caller
from tests.support.door import Door
from tests.support.hotline import ACCOUNT, PUBLIC, TOKEN, WANG, Hotline, listen
from tests.support.postgres import Server
from tests.support.serving import Served


@dataclass
class Opened:
    """The product's own application, served."""

    door: Door
    database: Database

    def reasons(self) -> dict[str, str]:
        """What /readyz finds wrong; it says so with 503."""
        reply = self.door.send("GET", "/readyz")
        said = json.loads(reply.body)
        assert reply.status == (503 if "reasons" in said else 200)
        assert said["status"] == ("not ready" if "reasons" in said else "ready")
        return dict(said.get("reasons", {}))

    def do(self, statement: str) -> None:
        """Carry out a statement."""
        with self.database.begin() as connection:
            connection.execute(text(statement))


@contextmanager
def _product(database: Database) -> Iterator[Opened]:
    """The product on a database of the newest version."""
    env = {
        "IVR_DATABASE_URL": database.durable.url.render_as_string(hide_password=False),
        "IVR_PUBLIC_URL": PUBLIC,
        "IVR_SECRET_KEY": "made-up-for-tests-" + "0123456789abcdef" * 2,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    installation = Installation.here(env)
    listen()
    served = Served(product.build(installation), threads=4)
    yield Opened(Door(("127.0.0.1", served.port), PUBLIC, ACCOUNT, TOKEN), installation.database)
    served.close()
    installation.database.close()


@pytest.fixture(autouse=True)
def looks_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found is not kept, so that a test sees every change at once."""
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(commits, "EVERY_SECONDS", 0.0)


@pytest.fixture
def opened(seeded: Database) -> Iterator[Opened]:
    """The product, on both databases."""
    with _product(seeded) as made:
        yield made


def test_a_whole_installation_is_ready_and_answers(opened: Opened) -> None:
    assert opened.reasons() == {}
    assert json.loads(opened.door.send("GET", "/healthz").body) == {"status": "ok"}
    Caller(opened.door, WANG).dial().hear("欢迎致电远山银行")


def test_without_a_worker_it_is_ready_and_warns(opened: Opened) -> None:
    assert "ivr worker" in json.loads(opened.door.send("GET", "/readyz").body)["warnings"]["worker"]
    heartbeat.beat(opened.database, clock.now())
    found = json.loads(opened.door.send("GET", "/readyz").body)
    assert found["status"] == "ready"
    assert "worker" not in found.get("warnings", {})
    assert "ivr_worker_seen_seconds" in opened.door.send("GET", "/metrics").text
    opened.do("delete from worker_beats")
    heartbeat.beat(opened.database, clock.now() - timedelta(seconds=91))
    assert "worker" in json.loads(opened.door.send("GET", "/readyz").body)["warnings"]


def test_a_year_whose_holidays_the_published_flows_do_not_know_is_a_figure_and_a_warning(seeded: Database) -> None:
    bundles = Bundles(seeded, catalogue)
    told = {}
    for day in (date(2026, 6, 1), date(2040, 1, 1)):
        now = datetime.combine(day, time(12), UTC)
        bundles.warm(60)
        [missing] = readiness.gauge_values(seeded, bundles, (), lambda now=now: now)  # type: ignore[misc]
        told[day.year] = (missing.name, missing.value, readiness.calendar_warning(seeded, bundles, now))
    assert told[2026] == ("ivr_calendar_missing_days", 0, None)
    assert told[2040][:2] == ("ivr_calendar_missing_days", 366)
    assert "calendar/2040.yaml" in (told[2040][2] or "")


def test_whoever_asks_often_hears_what_was_just_found(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", 3600.0)
    assert opened.reasons() == {}
    opened.do("delete from publications")
    assert opened.reasons() == {}


def test_whoever_holds_the_lock_too_long_is_told_and_figures_need_none(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "WITHIN_SECONDS", 0.4)
    with _product(seeded) as opened:
        assert opened.reasons() == {}
        with opened.database.begin() as writer:
            writer.execute(text("update commit_trials set id = id"))
            assert set(opened.reasons()) == {"commits"}
            assert opened.door.send("GET", "/metrics").status == 200
        assert opened.reasons() == {}


@contextmanager
def no_file_grows(size: int) -> Iterator[None]:
    """As on a full disk: this process may write no file beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_not_ready(seeded_sqlite: Database) -> None:
    with _product(seeded_sqlite) as opened:
        assert opened.reasons() == {}
        log = Path(f"{opened.database.durable.url.database}-wal")
        with no_file_grows(log.stat().st_size):
            assert "could not be committed" in opened.reasons()["commits"]
        assert opened.reasons() == {}


def test_a_database_with_no_page_left_is_not_ready(seeded_sqlite: Database) -> None:
    with _product(seeded_sqlite) as opened:
        with opened.database.turn() as transaction:  # the connection that the next turn takes
            pages = transaction.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            transaction.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        assert "disk is full" in opened.reasons()["commits"]


@pytest.mark.postgres
def test_a_database_that_takes_no_writes_is_not_ready(seeded_postgres: Database) -> None:
    with _product(seeded_postgres) as opened:
        assert opened.reasons() == {}
        opened.do(f"alter database {seeded_postgres.durable.url.database} set default_transaction_read_only = on")
        opened.database.durable.dispose()
        for kept in opened.database._pools.values():
            kept.close()
        assert "read-only" in opened.reasons()["commits"]


def test_a_commit_is_not_tried_again_at_once(seeded_sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "EVERY_SECONDS", 3600.0)
    with _product(seeded_sqlite) as opened:
        assert opened.reasons() == {}
        opened.do("delete from commit_trials")
        assert opened.reasons() == {}
        with opened.database.begin() as connection:
            assert connection.execute(text("select count(*) from commit_trials")).scalar_one() == 0


def test_a_database_file_that_was_taken_away_is_not_ready(seeded_sqlite: Database) -> None:
    """Its open handles still work, but what they write is lost."""
    with _product(seeded_sqlite) as opened:
        path = Path(str(opened.database.durable.url.database))
        away = path.rename(path.with_name("away.db"))
        assert "was removed while in use" in opened.reasons()["database"]
        away.rename(path)
        assert opened.reasons() == {}


def test_a_database_of_another_version_is_not_ready(opened: Opened) -> None:
    opened.do("update alembic_version set version_num = '0000'")
    assert opened.reasons() == {"migrations": "run: python -m ivr migrate"}
    assert opened.door.send("GET", "/healthz").status == 200


def test_without_published_flows_it_is_not_ready(opened: Opened) -> None:
    opened.do("delete from publications")
    assert opened.reasons() == {"bundle": "no flow has been published; run: python -m ivr flow publish"}
    Caller(opened.door, WANG).dial().hear("非常抱歉")


def end_backends(server: Server, name: str) -> None:
    """The server ends every connection to a database."""
    server.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - a name of our own


@pytest.mark.postgres
def test_a_database_that_goes_away_is_said_and_found_again(seeded_postgres: Database, postgres_server: Server) -> None:
    name = seeded_postgres.durable.url.database
    with _product(seeded_postgres) as opened:
        caller = Caller(opened.door, WANG).dial()
        postgres_server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        end_backends(postgres_server, str(name))
        reasons = opened.reasons()
        assert set(reasons) == {"database", "migrations", "bundle", "commits"}
        assert "IVR_DATABASE_URL" in reasons["database"]
        assert "postgres@" not in str(reasons)
        assert "非常抱歉" in opened.door.send("POST", *caller.request("1")).text
        postgres_server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert opened.reasons() == {}
        caller.press("1").hear("账户查询，请按2")


def test_figures_count_answers_and_name_nobody(quick_hotline: Hotline) -> None:
    quick_hotline.mandarin().press(BALANCE).press("1").press("739164")
    quick_hotline.door.send("POST", "/voice")
    page = quick_hotline.door.send("GET", "/metrics")
    assert page.status == 200
    assert 'ivr_turns_total{result="answered"}' in page.text
    assert 'ivr_turns_total{result="refused"}' in page.text
    assert not any(each in page.text for each in ("13800138000", "739164", "wang_fang", "CA0"))


def test_an_unknown_page_is_not_found_in_plain_words(quick_hotline: Hotline) -> None:
    reply = quick_hotline.door.send("GET", "/%3Cscript%3E")
    assert (reply.status, reply.body) == (404, b"Not Found\n")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/audio/en/greeting.wav", 200),
        ("/audio/en/none.wav", 404),
        ("/audio/en/notes.txt", 404),
        ("/audio/../outside.wav", 404),
        ("/audio/en/../../outside.wav", 404),
        ("/audio/en/..%2f..%2foutside.wav", 404),
        ("/audio/%2e%2e/outside.wav", 404),
        ("/audio/../secret.key", 404),
    ],
)
def test_recordings_come_from_their_folder_alone(tmp_path: Path, path: str, status: int) -> None:
    folder = tmp_path / "prompts" / "en"
    folder.mkdir(parents=True)
    for file in (folder / "greeting.wav", folder / "notes.txt", tmp_path / "outside.wav", tmp_path / "secret.key"):
        file.write_bytes(b"RIFF")
    served = Served(application(recordings(tmp_path / "prompts")), threads=2)
    assert Door(("127.0.0.1", served.port), PUBLIC, ACCOUNT, TOKEN).send("GET", path).status == status
    served.close()
