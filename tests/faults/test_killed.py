"""kill -9 of a worker process before and after the commit of a turn that moves money: what was asked happens once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path

import pytest

from ivr.platform.outbox.sending import Sender
from tests.faults.carrier import Carrier
from tests.faults.forks import Forked, Forks, open_forks
from tests.faults.storms import storm
from tests.journeys.steps import BALANCE, LOSS, sign, to_bill, to_code, to_new_password
from tests.support.books import check_books, moved
from tests.support.door import Door, Request
from tests.support.hotline import WANG, Hotline

PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Starts workers."""
    with open_forks() as opened:
        yield opened


@contextmanager
def _child(
    forks: Forks, hotline: Hotline, folder: Path, when: str, program: str = "child"
) -> Iterator[tuple[Forked, Door]]:
    url = hotline.database.durable.url.render_as_string(hide_password=False)
    arguments = [url, hotline.clock.moment.isoformat(), str(folder), when, hotline.keyring.secrets[0]]
    worker = forks.start(program, *arguments)
    try:
        yield worker, replace(hotline.door, address=("127.0.0.1", worker.port))
    finally:
        worker.kill()


def _interrupted(forks: Forks, hotline: Hotline, request: Request, folder: Path, when: str) -> int:
    """Send a webhook to a worker that is killed at its commit; how many requests were cut off."""
    cut_off: list[Exception] = []

    def send(door: Door) -> None:
        try:
            door.send("POST", *request)
        except (OSError, HTTPException) as error:
            cut_off.append(error)

    with _child(forks, hotline, folder, when) as (worker, door):
        thread = threading.Thread(target=send, args=(door,))
        thread.start()
        _await_stop(folder)
        worker.kill()
        thread.join(timeout=PATIENCE_SECONDS)
    return len(cut_off)


def _await_stop(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (folder / "stopped").exists():
        assert time.monotonic() < deadline, "the process never came to where it stops"
        time.sleep(0.02)  # another process leaves this file as its sign


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_text_whose_sender_is_killed_leaves_once(forks: Forks, hotline: Hotline, tmp_path: Path, when: str) -> None:
    sign(to_bill(hotline.mandarin()).press("1")).press("1").hear("缴费成功")
    [receipt] = hotline.texts()
    with _child(forks, hotline, tmp_path, when, "carrier") as (worker, _):
        _await_stop(tmp_path)
        worker.kill()
    carrier = Carrier(tmp_path)
    assert len(carrier.taken()) == (0 if when == "before" else 1)
    successor = Sender(hotline.database, hotline.keyring, carrier)
    assert successor.send_due(hotline.clock()) == 0, "the dead worker's lease has not ended"
    hotline.clock.forward(seconds=30)
    assert successor.send_due(hotline.clock()) == 1
    assert carrier.asked == 1
    assert carrier.taken() == [f"{WANG} {receipt}"]
    assert hotline.ask("select state, body from outgoing_texts") == [("sent", None)]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_transfer_cut_off_at_its_commit_happens_once(
    forks: Forks, hotline: Hotline, tmp_path: Path, when: str
) -> None:
    caller = to_code(hotline, hotline.mandarin(), "100")
    code = hotline.code()
    request = caller.request(code)
    assert _interrupted(forks, hotline, request, tmp_path, when) == 1
    assert len(moved(hotline)) == (0 if when == "before" else 1)
    check_books(hotline)
    replies = storm([(hotline.door, request)] * 4)
    assert len({reply.body for reply in replies}) == 1
    assert "转账成功" in replies[0].text
    assert [fen for _, _, fen in moved(hotline)] == [100_00]
    assert hotline.one("select count(*) from audit_entries where deed = 'transfer_money'") == 1
    assert len([body for body in hotline.texts() if "交易号" in body]) == 1
    check_books(hotline)
    caller.press(code).hear("继续办理，请按井号键")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_payment_cut_off_at_its_commit_happens_once(
    forks: Forks, hotline: Hotline, tmp_path: Path, when: str
) -> None:
    caller = sign(to_bill(hotline.mandarin()).press("1"))
    assert _interrupted(forks, hotline, caller.request("1"), tmp_path, when) == 1
    caller.press("1").hear("缴费成功")
    assert [fen for _, _, fen in moved(hotline)] == [186_40]
    check_books(hotline)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_password_change_cut_off_at_its_commit_happens_once(
    forks: Forks, hotline: Hotline, tmp_path: Path, when: str
) -> None:
    """The hash has a new salt at every try, so the repeat is another request under another key, or the same answer."""
    caller = to_new_password(hotline, hotline.mandarin()).press("508264")
    assert _interrupted(forks, hotline, caller.request("508264"), tmp_path, when) == 1
    caller.press("508264").hear("密码修改成功")
    assert hotline.one("select count(*) from passwords where customer_id = 'wang_fang' and kind = 'query'") == 2
    assert hotline.one("select count(*) from postings where kind = 'password'") == 1
    hotline.mandarin().press(BALANCE).press("1").press("508264").hear("余额")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_loss_cut_off_at_its_commit_is_reported_once(
    forks: Forks, hotline: Hotline, tmp_path: Path, when: str
) -> None:
    caller = hotline.mandarin().press(LOSS).press("1")
    assert _interrupted(forks, hotline, caller.request("1"), tmp_path, when) == 1
    stopped = "select count(*) from cards where lost_until is not null"
    assert hotline.one(stopped) == (0 if when == "before" else 1)
    caller.press("1").hear("挂失成功")
    assert hotline.one(stopped) == 1
    assert hotline.one("select count(*) from postings where kind = 'loss'") == 1
    assert hotline.one("select count(*) from audit_entries where deed = 'report_loss'") == 1
    assert len(hotline.texts()) == 1
