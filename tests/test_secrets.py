"""Passwords, codes, card numbers and identity numbers: after every flow they stand nowhere that can be read."""

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, table, text

from ivr.calls import retention
from ivr.platform.outbox.sending import Sender
from tests.journeys.steps import BALANCE, LOSS, sign, to_bill, to_code, to_new_password
from tests.support.caller import Caller
from tests.support.hotline import CARD, CHEN, LI, QUERY, SAVINGS, STRANGER, TRANSACTION, WANG, Hotline
from tests.support.hotline_fixtures import clock, hotline, quick_hotline, seeded, seeded_postgres, seeded_sqlite

__all__ = ["clock", "hotline", "quick_hotline", "seeded", "seeded_postgres", "seeded_sqlite"]

IDENTITY = {WANG: "110101199003074215", CHEN: "44030619781126501X"}
NEW = {"1": "508264", "2": "614729"}
NAMES = {"王芳", "陈静", "王芳".encode().decode("latin-1"), "陈静".encode().decode("latin-1")}
GUESSES = ("482913", "571604")
FIGURES = {
    "said": str.maketrans("0123456789", "零幺二三四五六七八九"),
    "said otherwise": str.maketrans("0123456789", "零一二三四五六七八九"),
}


class Bank:
    """A provider of texts that takes everything."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    def send(self, to: str, body: str) -> str:
        """Take a text."""
        self.taken.append((to, body))
        return f"SM{len(self.taken):032x}"

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """Whether a text was taken."""
        del since
        return "SM" + "0" * 32 if (to, body) in self.taken else None


def _play_everything(hotline: Hotline) -> tuple[list[Caller], set[str]]:
    """Every flow, in both languages, with right and wrong secrets; the calls, and the codes that were sent."""
    codes: set[str] = set()
    calls = [hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{CARD[LI]}#")]
    calls[-1].press(GUESSES[0]).press(QUERY[LI]).press("1").press("0").wait().wait_key("1").press("13700001111#")
    calls.append(hotline.english(STRANGER).press(BALANCE).press("2").press("44030619781126501*").press(QUERY[CHEN]))
    calls.append(sign(to_bill(hotline.mandarin()).press("1")).press("1").hear("缴费成功"))
    transfer = to_code(hotline, hotline.mandarin(), "100")
    codes.add(hotline.code())
    calls.append(transfer.press(hotline.code()).hear("转账成功"))
    for kind, new in NEW.items():
        hotline.clock.forward(days=2)
        call = to_new_password(hotline, hotline.mandarin(), kind, NEW["1"])
        codes.add(hotline.code())
        calls.append(call.press("123456").press(new).press(GUESSES[1]).press(new).press(new).hear("密码修改成功"))
    calls.append(hotline.mandarin(STRANGER).press(LOSS).press("1").press(f"{SAVINGS}#").press("1").hear("挂失成功"))
    calls.append(hotline.mandarin(STRANGER).press(LOSS).press("2").press(IDENTITY[WANG]).press("1").press("1"))
    return calls, codes


def _secrets(codes: set[str]) -> set[str]:
    passwords = {QUERY[WANG], QUERY[LI], QUERY[CHEN], TRANSACTION[WANG], *NEW.values(), *GUESSES}
    return passwords | codes | set(CARD.values()) | {SAVINGS, *IDENTITY.values(), IDENTITY[CHEN][:-1]}


def _found(secrets: set[str], place: str, text: str) -> list[str]:
    return [f"{secret} in {place}" for secret in sorted(secrets) if secret in text]


def _tables(hotline: Hotline) -> Iterator[tuple[str, str]]:
    """Every row of every table, as text."""
    with hotline.database.begin() as connection:
        for name in inspect(connection).get_table_names():
            for row in connection.execute(select(text("*")).select_from(table(name))):
                values = [bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v) for v in row]
                yield f"the table {name}", "\n".join(values)


def test_no_secret_stands_anywhere_after_every_flow(hotline: Hotline, tmp_path: Path) -> None:
    calls, codes = _play_everything(hotline)
    secrets = _secrets(codes)
    found: list[str] = []
    for call in calls:
        found += _found(secrets, "an answer", "\n".join(call.answers))
        found += _found(secrets, "an URL", "\n".join(call.visited))
        for name, figures in FIGURES.items():
            found += _found({secret.translate(figures) for secret in secrets}, name, "\n".join(call.said))
    provider = Bank()
    Sender(hotline.database, hotline.keyring, provider).send_due(hotline.clock())
    assert len(codes) == 3
    assert any("回单号" in body for _, body in provider.taken)
    found += _found(secrets, "the log", hotline.log.getvalue())
    found += _found(secrets, "the figures", hotline.door.send("GET", "/metrics").text)
    # a reference has twelve digits, and any six of them may be someone's password
    references = [row[0] for row in hotline.ask("select reference from postings")]
    files = [(file.name, file.read_bytes().decode("latin-1")) for file in tmp_path.iterdir()]
    for place, text_there in [*_tables(hotline), *files]:
        rest = reduce(lambda left, each: left.replace(each, ""), references, text_there)
        found += _found(secrets | NAMES, place, rest)
    assert found == []


@pytest.mark.parametrize("table", ["lockouts", "attempts", "audit_head", "passwords"])
def test_a_turn_that_fails_writes_no_secret_into_the_log(quick_hotline: Hotline, table: str) -> None:
    caller = quick_hotline.mandarin().press(BALANCE).press("8").press("1").press(f"{CARD[WANG]}#")
    quick_hotline.do(f"alter table {table} rename to put_away")
    caller.press(QUERY[WANG]).hear("非常抱歉")
    card = quick_hotline.mandarin(STRANGER).press(LOSS).press("2")
    quick_hotline.do("alter table customers rename to also_put_away")
    card.press(IDENTITY[WANG]).hear("非常抱歉")
    log = quick_hotline.log.getvalue()
    assert "turn failed" in log
    assert "Traceback" in log or "frames" in log
    trails = "\n".join(row[0] for row in quick_hotline.ask("select trail from turns"))
    assert _found(_secrets(set()), "the log or a trail", log + trails) == []


def test_the_trail_names_steps_and_no_values(quick_hotline: Hotline) -> None:
    _play_everything(quick_hotline)
    trails = "\n".join(row[0] for row in quick_hotline.ask("select trail from turns"))
    for value in ("52380", "4458", "3100458812", "18640", "10000", "5238066", "王芳", "李强", "13800138000"):
        assert value not in trails
    assert '["verify_query.ask","collected"]' in trails


def test_what_a_call_knew_is_erased_a_day_after_its_end(quick_hotline: Hotline) -> None:
    calls, _ = _play_everything(quick_hotline)
    for call in calls:
        call.hang_up()
    quick_hotline.clock.forward(hours=24, seconds=1)
    assert retention.erase(quick_hotline.database, quick_hotline.clock()) == len(calls)
    rows = quick_hotline.ask("select state, caller from calls")
    assert {(bytes(state), caller) for state, caller in rows} == {(b"", None)}
    assert quick_hotline.one("select count(*) from turns where answer is not null") == 0
    assert quick_hotline.one("select count(*) from turns where trail = ''") == 0
    assert "请您重新拨打" in calls[0].again().text
