"""Calls with a remote core bank: whether it is slow, silent or gone, the caller is told the truth."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path

import pytest

from ivr.bank.remote.client import CoreClient
from ivr.bank.remote.dispatch import Dispatch
from ivr.calls import late_outcomes
from ivr.db import Database, open_database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.bank.harnesses import LedgerHarness
from tests.fakes.core_server import TOKEN, CoreServer, serve
from tests.journeys.steps import BALANCE, LOSS, prove, sign, to_new_password, to_transfer
from tests.support.caller import Caller
from tests.support.door import Door, Reply
from tests.support.hotline import LI, WANG, Clock, Hotline, open_hotline
from tests.support.seeding import quick_hasher


@dataclass(frozen=True)
class Passing(Door):
    """A door before each of whose requests a second goes by and, while it works, the worker has its turn."""

    between: Callable[[], object] = field(default=lambda: None)

    def send(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        """The request, after what happens between two of them."""
        self.between()
        return super().send(method, path, body, headers)


@pytest.fixture
def core(tmp_path: Path, sqlite_template: Path, keyring: Keyring, settings: Settings) -> Iterator[CoreServer]:
    """A core bank over HTTP, with a database of its own."""
    database = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'core.db')}")
    with serve(LedgerHarness(database, keyring, settings, quick_hasher(keyring)).open()) as server:
        yield server
    database.close()


@pytest.fixture
def remote(seeded: Database, settings: Settings, keyring: Keyring, core: CoreServer) -> Iterator[Hotline]:
    """A hotline on each database, whose bank answers over HTTP."""
    clock = Clock()
    core.harness.now = clock()
    opened = open_hotline(seeded, settings, keyring, clock, core_url=core.url, core_token=TOKEN)
    yield opened
    opened.close()


def worker_of(hotline: Hotline, core: CoreServer) -> Dispatch:
    """The worker that carries orders and tells what no call heard."""
    line = CoreClient(core.url, TOKEN, seconds=1.5, steady=lambda: hotline.clock().timestamp())
    late = partial(late_outcomes.tell, hotline.parts.bundles, hotline.keyring)
    return Dispatch(hotline.database, hotline.keyring, hotline.settings, line, hotline.clock, late)


def waiting(hotline: Hotline, core: CoreServer, caller: Caller, *, works: bool = True) -> Caller:
    """A caller between whose requests a second goes by; the worker has a turn each time, if it works."""
    dispatch = worker_of(hotline, core)

    def between() -> None:
        hotline.clock.forward(seconds=1)
        if works:
            dispatch.work()

    caller.door = Passing(**{each.name: getattr(hotline.door, each.name) for each in fields(Door)}, between=between)
    return caller


def settle(hotline: Hotline, core: CoreServer, seconds: int = 300) -> None:
    """Time goes by with a worker at work, five seconds at a step."""
    dispatch = worker_of(hotline, core)
    for _ in range(seconds // 5):
        hotline.clock.forward(seconds=5)
        dispatch.work()


def hang_up_while_waiting(caller: Caller, key: str) -> None:
    """The key is pressed, "please wait" is heard, and the line goes dead."""
    assert "正在为您办理" in caller.door.send("POST", *caller.request(key)).text
    caller.hang_up()


def deeds(hotline: Hotline) -> list[str]:
    return [row[0] for row in hotline.ask("select deed from audit_entries order by seq")]


def to_last_keys(hotline: Hotline) -> Caller:
    return sign(to_transfer(hotline.mandarin()).press("100#").hear("转账一百元").press("1"))


def balance(core: CoreServer, customer_id: str) -> int:
    return core.harness.ask(lambda bank: bank.accounts(customer_id))[0].balance_fen


def test_the_balance_is_the_remote_cores(remote: Hotline) -> None:
    prove(remote.mandarin().press(BALANCE)).press("1").hear("余额五万二千三百八十元六角六分")


@pytest.mark.both
def test_a_transfer_is_carried_while_the_caller_waits(remote: Hotline, core: CoreServer) -> None:
    before = balance(core, "li_qiang")
    waiting(remote, core, to_last_keys(remote)).press(remote.code()).hear("正在为您办理，请稍候", "转账成功")
    assert balance(core, "li_qiang") == before + 100_00
    assert deeds(remote)[-3:] == ["order_made", "order_concluded", "transfer_money"]
    assert "转账100.00元" in remote.texts()[-1]
    settle(remote, core)
    assert "转账100.00元" in remote.texts()[-1], "who heard the outcome is not told again"


def test_who_hangs_up_while_the_core_works_is_told_by_text(remote: Hotline, core: CoreServer) -> None:
    before = balance(core, "li_qiang")
    caller = to_last_keys(remote)
    hang_up_while_waiting(caller, remote.code())
    assert deeds(remote)[-1] == "order_made"
    settle(remote, core, 25)
    assert balance(core, "li_qiang") == before + 100_00
    assert deeds(remote)[-1] == "order_concluded"
    assert "验证码" in remote.texts()[-1], "a caller who still waits would hear it now"
    settle(remote, core, 60)
    assert "转账100.00元已处理成功" in remote.texts()[-1]
    assert sum("已处理成功" in each for each in remote.texts()) == 1
    entry = remote.one("select details from audit_entries where deed = 'order_made'")
    assert '"amount_fen": "10000"' in entry


@pytest.mark.both
def test_a_lost_answer_is_pending_then_told_and_the_money_moved_once(remote: Hotline, core: CoreServer) -> None:
    before = balance(core, "li_qiang")
    core.fail("transfer", "lost")
    core.fail("outcome", "down", "down")
    caller = waiting(remote, core, to_last_keys(remote))
    caller.press(remote.code()).hear("您的转账已受理，正在处理中", "请勿重复转账").not_hear("转账成功")
    settle(remote, core)
    assert "已处理成功" in remote.texts()[-1]
    assert balance(core, "li_qiang") == before + 100_00


def test_a_loss_is_reported_only_when_the_core_has_taken_it(remote: Hotline, core: CoreServer) -> None:
    caller = waiting(remote, core, remote.mandarin().press(LOSS).press("1"))
    caller.press("1").hear("正在为您办理", "挂失成功")
    assert core.harness.ask(lambda bank: bank.accounts("wang_fang"))[0].state == "lost"
    assert remote.one("select count(*) from attempts where kind = 'loss'") == 1
    assert sum("已口头挂失" in each for each in remote.texts()) == 1


@pytest.mark.both
def test_a_loss_the_core_is_slow_to_take_is_pending_then_told(remote: Hotline, core: CoreServer) -> None:
    core.fail("report_loss", "down")
    core.fail("outcome", "down")
    caller = waiting(remote, core, remote.mandarin().press(LOSS).press("1"))
    caller.press("1").hear("您的挂失申请已受理").not_hear("挂失成功")
    assert remote.texts() == []
    settle(remote, core)
    assert "尾号4458的银行卡挂失已生效" in remote.texts()[-1]
    assert core.harness.ask(lambda bank: bank.accounts("wang_fang"))[0].state == "lost"


def renew(hotline: Hotline, core: CoreServer) -> Caller:
    """Up to the second entry of a new query password."""
    return waiting(hotline, core, to_new_password(hotline, hotline.mandarin()).press("508264"))


def test_a_password_is_changed_only_when_the_core_has_taken_it(remote: Hotline, core: CoreServer) -> None:
    renew(remote, core).press("508264").hear("正在为您办理", "密码修改成功")
    assert core.harness.ask(lambda bank: bank.password_check("wang_fang", "query", "508264"))()
    assert sum("您的查询密码已于" in each for each in remote.texts()) == 1


def test_a_password_the_core_is_slow_to_take_is_pending_then_told(remote: Hotline, core: CoreServer) -> None:
    core.fail("set_password", "down")
    core.fail("outcome", "down")
    renew(remote, core).press("508264").hear("您的密码修改已受理").not_hear("密码修改成功")
    assert not any("已于" in each for each in remote.texts())
    settle(remote, core)
    assert "您的查询密码修改已生效" in remote.texts()[-1]


def test_a_core_that_is_gone_is_an_apology_and_an_agent(remote: Hotline, core: CoreServer) -> None:
    caller = remote.mandarin(LI)
    core.fail("accounts", *["down"] * 20)  # type: ignore[arg-type]
    caller.press(BALANCE).hear("非常抱歉，系统暂时繁忙")
    assert caller.queue


def test_a_password_the_core_cannot_check_is_no_wrong_password(remote: Hotline, core: CoreServer) -> None:
    core.fail("password_check", "down", "down", "down")
    prove(remote.mandarin(WANG).press(BALANCE)).hear("非常抱歉，系统暂时繁忙")
    assert remote.one("select count(*) from attempts where kind = 'query'") == 0


def test_a_loss_the_core_refused_is_reported_again(remote: Hotline, core: CoreServer) -> None:
    """A card that works at the core is never called reported, and the next report stops it."""
    core.fail("report_loss", "down")
    core.fail("outcome", "declined")
    waiting(remote, core, remote.mandarin().press(LOSS).press("1"), works=False).press("1").hear("您的挂失申请已受理")
    settle(remote, core)
    assert "您申请的银行卡挂失未能办理" in remote.texts()[-1]
    caller = waiting(remote, core, remote.mandarin().press(LOSS).press("1"))
    caller.press("1").hear("挂失成功").not_hear("已办理口头挂失")
    assert core.harness.ask(lambda bank: bank.accounts("wang_fang"))[0].state == "lost"
