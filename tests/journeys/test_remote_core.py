"""Calls whose core bank is at the end of a line: slow, silent or gone, the caller is told what is true."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ivr.banking.dispatch import Dispatch
from ivr.banking.line import Line
from ivr.config import Settings
from ivr.crypto import Keyring
from ivr.db import Database, open_database
from ivr.jobs import settled
from tests.banking.houses import LedgerHouse
from tests.fakes.core_server import TOKEN, CoreServer, serve
from tests.journeys.steps import prove, sign, to_transfer
from tests.support.caller import Caller
from tests.support.hotline import LI, WANG, Clock, Hotline, open_hotline
from tests.support.seeding import quick_hasher


@dataclass
class Running(Clock):
    """A clock that moves a little whenever it is read: callers who wait are seen to wait."""

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=40)
        return self.moment.astimezone(UTC)


@pytest.fixture
def core(tmp_path: Path, sqlite_template: Path, keyring: Keyring, settings: Settings) -> Iterator[CoreServer]:
    """A core bank over HTTP, with a database of its own."""
    database = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'core.db')}")
    with serve(LedgerHouse(database, keyring, settings, quick_hasher(keyring)).open()) as server:
        yield server
    database.close()


@pytest.fixture
def remote(seeded: Database, settings: Settings, keyring: Keyring, core: CoreServer) -> Iterator[Hotline]:
    """A hotline on each database, whose bank answers over HTTP."""
    clock = Running()
    core.house.now = clock()
    opened = open_hotline(seeded, settings, keyring, clock, core_url=core.url, core_token=TOKEN)
    yield opened
    opened.close()


@contextmanager
def working(hotline: Hotline, core: CoreServer) -> Iterator[None]:
    """The worker that carries orders, until the block ends."""
    line = Line(core.url, TOKEN, hotline.clock, read_seconds=0.3)
    late = partial(settled.tell, hotline.parts.bundles, hotline.keyring)
    still = partial(getattr, hotline.clock, "moment")  # the worker looks at the clock, it does not move it
    dispatch = Dispatch(hotline.database, hotline.keyring, hotline.settings, line, still, late)
    stop = threading.Event()

    def rounds() -> None:
        while not stop.wait(0.02):
            dispatch.work()

    thread = threading.Thread(target=rounds, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


def to_confirmation(hotline: Hotline) -> Caller:
    caller = sign(to_transfer(hotline.mandarin()).press("100#"))
    return caller.press(hotline.code()).hear("转账一百元")


def balance(core: CoreServer, customer: str) -> int:
    return core.house.ask(lambda bank: bank.accounts(customer))[0].balance_fen


def test_the_balance_is_the_remote_cores(remote: Hotline) -> None:
    prove(remote.mandarin().press("1")).press("1").hear("余额五万二千三百八十元六角六分")


def test_a_transfer_is_carried_while_the_caller_waits(remote: Hotline, core: CoreServer) -> None:
    before = balance(core, "li_qiang")
    with working(remote, core):
        to_confirmation(remote).press("1").hear("正在为您办理，请稍候", "转账成功")
    assert balance(core, "li_qiang") == before + 100_00
    assert "转账100.00元" in remote.texts()[-1]


def test_a_lost_answer_is_pending_then_told_and_the_money_moved_once(remote: Hotline, core: CoreServer) -> None:
    before = balance(core, "li_qiang")
    core.fail("transfer", "lost")
    core.fail("outcome", "down", "down")
    caller = to_confirmation(remote)
    with working(remote, core):
        caller.press("1").hear("您的转账已受理，正在处理中", "请勿重复转账").not_hear("转账成功")
        for _ in range(400):
            remote.clock.forward(seconds=5)
            if "已处理成功" in remote.texts()[-1]:
                break
            threading.Event().wait(0.05)
    assert "已处理成功" in remote.texts()[-1]
    assert balance(core, "li_qiang") == before + 100_00


def test_a_core_that_is_gone_is_an_apology_and_an_agent(remote: Hotline, core: CoreServer) -> None:
    caller = remote.mandarin(LI)
    core.fail("accounts", *["down"] * 20)  # type: ignore[arg-type]
    caller.press("1").hear("非常抱歉，系统暂时繁忙")
    assert caller.queue


def test_a_password_the_core_cannot_check_is_no_wrong_password(remote: Hotline, core: CoreServer) -> None:
    core.fail("password_check", "down", "down", "down")
    prove(remote.mandarin(WANG).press("1")).hear("非常抱歉，系统暂时繁忙")
    assert remote.one("select count(*) from attempts where kind = 'query'") == 0
