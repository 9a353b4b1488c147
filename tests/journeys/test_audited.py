"""What the audit log tells of a call: what was asked, for how much and for whom, masked; refusals and failures too."""

import json
from typing import Any

import pytest

from ivr.bank.ledger.ledger import LedgerBank
from ivr.calls import service_audit
from ivr.foundation.errors import CoreUnavailable, IdempotencyConflict
from ivr.platform.audit import chain
from tests.journeys.steps import BALANCE, prove, to_bill, to_code, transferred
from tests.support.hotline import CARD, SAVINGS, STRANGER, WANG, Hotline


def entries(hotline: Hotline, deed: str) -> list[dict[str, Any]]:
    """The details of every audit entry of an operation, the oldest first."""
    found = hotline.ask("select details from audit_entries where deed = :deed order by seq", deed=deed)
    return [json.loads(details) for (details,) in found]


def whole(hotline: Hotline) -> bool:
    with hotline.rows() as db:
        return chain.verify(db, hotline.keyring) is None


@pytest.mark.both
def test_a_transfer_stands_with_its_amount_and_masked_accounts(hotline: Hotline) -> None:
    transferred(hotline, "100").hear("转账成功")
    [entry] = entries(hotline, "transfer_money")
    assert entry["outcome"] == "done"
    assert (entry["amount_fen"], entry["account"], entry["payee"]) == ("10000", CARD[WANG][-4:], "3005")
    assert entry["payee_name"] == "李*"
    assert whole(hotline)


def test_a_transfer_to_an_own_account_names_nobody(hotline: Hotline) -> None:
    transferred(hotline, "100", payee="1").hear("转账成功")
    [entry] = entries(hotline, "transfer_money")
    assert (entry["payee_name"], entry["payee"]) == ("own account", SAVINGS[-4:])
    told = [details for (details,) in hotline.ask("select details from audit_entries")]
    assert not any("{" in value for each in told for value in json.loads(each).values())


def test_a_bill_stands_with_its_amount_and_biller(hotline: Hotline) -> None:
    to_bill(hotline.mandarin()).press("1").press("285907").press("1").hear("缴费成功")
    [entry] = entries(hotline, "pay_bill")
    assert (entry["amount_fen"], entry["biller"], entry["account"]) == ("18640", "electricity", "4458")


def test_a_balance_that_is_heard_and_a_callback_that_is_booked_stand(hotline: Hotline) -> None:
    prove(hotline.mandarin().press(BALANCE)).press("1").hear("余额")
    assert entries(hotline, "list_accounts")[0]["outcome"] == "found"
    hotline.mandarin(STRANGER).press("0").wait().wait_key("1").press("1").hear("已为您登记回电")
    assert entries(hotline, "book_callback")[0]["outcome"] == "booked"


def test_the_publication_of_flows_stands(hotline: Hotline) -> None:
    published = hotline.one("select bundle from publications")
    told = hotline.ask("select actor, subject from audit_entries where deed = 'publish'")
    assert told == [("tests", f"bundle:{published}")]


@pytest.mark.parametrize(("fault", "alarm"), [(IdempotencyConflict("another request"), True), (KeyError("x"), False)])
def test_a_transfer_that_fails_is_refused_audited_and_a_conflict_alarms(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch, fault: Exception, alarm: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    before = service_audit.CONFLICTS._value.get()
    caller = to_code(hotline, hotline.mandarin(), "100")
    monkeypatch.setattr(LedgerBank, "transfer", fail)
    caller.press(hotline.code()).hear("非常抱歉")
    [entry] = entries(hotline, "refused: transfer_money")
    assert (entry["amount_fen"], entry["outcome"], entry["fault"]) == ("10000", "refused", type(fault).__name__)
    assert ("critical" in hotline.log.getvalue()) is alarm
    assert service_audit.CONFLICTS._value.get() - before == (1 if alarm else 0)
    assert whole(hotline)


def test_a_core_that_is_silent_is_a_warning_and_no_fault_of_the_product(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object, **__: object) -> None:
        raise CoreUnavailable("no answer")

    caller = hotline.mandarin().press(BALANCE).press("1")
    monkeypatch.setattr(LedgerBank, "password_check", silent)
    caller.press("739164").hear("非常抱歉")
    log_text = hotline.log.getvalue()
    assert "the core bank did not answer; the caller hears an apology" in log_text
    assert "turn failed" not in log_text


@pytest.mark.both
def test_a_failed_deed_that_cannot_be_written_down_is_an_alarm(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("x")

    caller = hotline.mandarin().press(BALANCE).press("1")
    monkeypatch.setattr(LedgerBank, "password_check", fail)
    hotline.do("alter table audit_entries rename to put_away")
    caller.press("739164").hear("非常抱歉")
    assert "writing a failed request to the audit log failed" in hotline.log.getvalue()
