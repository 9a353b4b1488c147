"""What a change of password must not give away: the other password, a lock on it, or anything after the call."""

import pytest

from ivr.bank.ledger.ledger import LedgerBank
from ivr.calls.services.context import Context
from ivr.calls.services.registry import invoke
from ivr.engine.values import Secret
from tests.journeys.steps import BALANCE, PASSWORDS, to_new_password
from tests.support.caller import Caller
from tests.support.hotline import CARD, QUERY, STRANGER, TRANSACTION, WANG, Hotline
from tests.support.seeding import built, quick_hasher


def test_a_code_is_good_for_three_new_passwords(hotline: Hotline) -> None:
    caller = to_new_password(hotline, hotline.mandarin())
    for guess in ("508264", "614729"):
        caller.press(guess).hear("请再次输入新密码").press("508265").hear("两次输入的新密码不一致")
    caller.press("111111").hear("新密码过于简单")
    caller.press(TRANSACTION[WANG]).hear("新密码设置次数已达上限").not_hear("不能相同")
    assert caller.queue == "security"


@pytest.mark.both
def test_a_new_password_that_meets_the_other_is_a_failure_of_the_other(hotline: Hotline) -> None:
    to_new_password(hotline, hotline.mandarin()).press(TRANSACTION[WANG]).hear("不能相同")
    found = hotline.ask("select kind, failures_day from lockouts where kind = 'transaction'")
    assert found == [("transaction", 1)]


@pytest.mark.both
def test_nobody_locks_a_transaction_password_without_the_query_password(hotline: Hotline) -> None:
    caller = hotline.mandarin(STRANGER).press(PASSWORDS).press("2").press("1").press(f"{CARD[WANG]}#")
    caller.hear("请输入六位查询密码").keys("111111", "222222", "333333").hear("本次通话中密码输入错误次数已达上限")
    assert hotline.ask("select kind from lockouts") == [("query",)]


def test_a_query_password_that_ran_out_is_asked_for_before_the_transaction_password_counts(
    hotline: Hotline,
) -> None:
    caller = hotline.mandarin().press(PASSWORDS).press("2").press("1").press(QUERY[WANG]).hear("请输入六位原密码")
    hotline.clock.forward(minutes=10)
    caller.press("111111").hear("请输入六位查询密码")
    assert hotline.ask("select kind from lockouts") == [("query",)]
    caller.press(QUERY[WANG]).hear("请输入六位原密码").press(TRANSACTION[WANG]).hear("验证码已发送")


def test_a_password_is_not_kept_once_its_service_has_answered(hotline: Hotline) -> None:
    caller = hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).press("#")
    kept = _state(hotline, caller)
    caller.press(PASSWORDS).press("1").press(QUERY[WANG])
    kept += _state(hotline, caller)
    caller.press(hotline.code()).press("508264").press("508265").hear("不一致")
    kept += _state(hotline, caller)
    caller.press("614729").press("614729").hear("修改成功")
    kept += _state(hotline, caller)
    assert QUERY[WANG] not in kept
    assert "508265" not in kept
    assert "614729" not in kept


@pytest.mark.parametrize("ending", ["hangs up", "is told goodbye"])
def test_nothing_of_a_session_is_kept_when_the_call_is_over(hotline: Hotline, ending: str) -> None:
    caller = to_new_password(hotline, hotline.mandarin()).press("508264").hear("请再次输入新密码")
    assert "508264" in _state(hotline, caller)
    if ending == "hangs up":
        caller.hang_up()
    else:
        for _ in range(3):
            caller.silent()
        caller.leave("bridged").hear("再见")
    [(state,)] = hotline.ask("select state from calls where call = :call", call=caller.call)
    assert bytes(state) == b"over"


def _state(hotline: Hotline, caller: Caller) -> str:
    [(state,)] = hotline.ask("select state from calls where call = :call", call=caller.call)
    return hotline.keyring.open(f"calls.state|{caller.call}", bytes(state)).decode()


@pytest.mark.parametrize("service", ["send_password_code", "check_new_password", "change_password"])
def test_the_old_password_of_one_kind_changes_none_of_the_other(hotline: Hotline, service: str) -> None:
    """Whatever a flow says: it could set the kind anew after the old password was proven."""
    keyring, settings, now = hotline.keyring, hotline.settings, hotline.clock()
    proven = frozenset({"old_password", "old_query_password", "second_factor", "confirmation"})
    new = {} if service == "send_password_code" else {"new": Secret("508264")}
    with hotline.rows() as db:
        bank = LedgerBank(db, keyring, now, settings, quick_hasher(keyring))
        context = Context(
            db,
            bank,
            keyring,
            settings,
            built()[1],
            now,
            "CA:1",
            "CA",
            "en",
            "wang_fang",
            WANG,
            lambda *_: "",
            grants=proven,
        )
        with pytest.raises(PermissionError, match="transaction password"):
            invoke(service, context, {"kind": "transaction", **new})
