"""Money, passwords, proofs and promises commit on the engine that survives a power cut; menus need not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from tests.journeys.steps import BALANCE, LOSS, sign, to_bill, to_code, to_new_password
from tests.support.caller import Caller
from tests.support.hotline import QUERY, WANG, Hotline

pytestmark = pytest.mark.both  # durability


@contextmanager
def commits(hotline: Hotline, table: str) -> Iterator[list[str]]:
    """The names of the engines whose commits changed what stands in a table."""
    seen: list[str] = []
    asked = f"select count(*) from {table}"  # noqa: S608 - a name from this module
    known = [hotline.one(asked)]

    def watch(name: str) -> Callable[[Connection], None]:
        def commit(connection: Connection) -> None:
            now = connection.exec_driver_sql(asked).scalar_one()
            if now != known[0]:
                known[0] = now
                seen.append(name)

        return commit

    engines: list[tuple[Engine, Callable[[Connection], None]]] = [
        (hotline.database.durable, watch("durable")),
        (hotline.database.quick, watch("quick")),
    ]
    for engine, watcher in engines:
        event.listen(engine, "commit", watcher)
    yield seen
    for engine, watcher in engines:
        event.remove(engine, "commit", watcher)


def _to_new_password(hotline: Hotline) -> Caller:
    return to_new_password(hotline, hotline.mandarin()).press("508264")


DEEDS: dict[str, tuple[str, Callable[[Hotline], Caller], str, str]] = {
    "transfer": ("postings", lambda h: to_code(h, h.mandarin(), "100"), "", "转账成功"),
    "bill": ("postings", lambda h: sign(to_bill(h.mandarin()).press("1")), "1", "缴费成功"),
    "loss": ("postings", lambda h: h.mandarin().press(LOSS).press("1"), "1", "挂失成功"),
    "password": ("postings", _to_new_password, "508264", "密码修改成功"),
    "callback": ("callbacks", lambda h: h.mandarin().press("0").wait().wait_key("1"), "1", "已为您登记回电"),
    "right password": ("attempts", lambda h: h.mandarin().press(BALANCE).press("1"), QUERY[WANG], "尾号四四五八的账户"),
    "wrong password": ("attempts", lambda h: h.mandarin().press(BALANCE).press("1"), "111111", "密码有误"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_must_not_be_lost_commits_durably(hotline: Hotline, deed: str) -> None:
    table, lead, key, words = DEEDS[deed]
    caller = lead(hotline)
    with commits(hotline, table) as engines:
        caller.press(key or hotline.code()).hear(words)
    assert engines == ["durable"]


def test_a_place_in_a_queue_may_be_lost_in_a_power_cut(hotline: Hotline) -> None:
    """The counter-proof: what is watched above is told apart here."""
    caller = hotline.mandarin()
    with commits(hotline, "queued_calls") as engines:
        caller.press("0").hear("正在为您转接")
    assert engines == ["quick"]
