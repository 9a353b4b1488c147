"""A request must equal what the caller confirmed: if the engine let another one through, it is refused and audited."""

from collections.abc import Callable
from typing import Any

import pytest

from ivr.bank.ledger.ledger import LedgerBank
from ivr.calls import service_audit
from ivr.engine.session import dump, load
from ivr.foundation.errors import ProviderError
from tests.journeys.steps import to_bill, to_code
from tests.journeys.test_audited import entries, whole
from tests.support.books import moved
from tests.support.caller import Caller
from tests.support.hotline import Hotline
from tests.support.hotline_fixtures import quick_hotline

__all__ = ["quick_hotline"]
Variables = dict[str, Any]


def exchange(hotline: Hotline, caller: Caller, change: Callable[[Variables], None]) -> None:
    """Change the variables of the outermost flow behind the engine's back, after the yes."""
    place = f"calls.state|{caller.call}"
    session = load(hotline.keyring.open(place, hotline.one("select state from calls where call = :c", c=caller.call)))
    change(session.frames[0].variables)
    state = hotline.keyring.seal(place, dump(session))
    hotline.do("update calls set state = :s where call = :c", s=state, c=caller.call)


@pytest.mark.parametrize(
    "change",
    [
        lambda known: known.update(amount=100_01),
        lambda known: known.update(payee=next(each for each in known["payees"] if each != known["payee"])),
        lambda known: known.update(again=True),
    ],
    ids=["amount", "payee", "again"],
)
def test_a_transfer_that_is_not_what_was_read_back_is_refused_alarmed_and_audited(
    quick_hotline: Hotline, change: Callable[[Variables], None]
) -> None:
    hotline, before = quick_hotline, service_audit.UNCONFIRMED._value.get()
    caller = to_code(hotline, hotline.mandarin(), "100")
    code = hotline.code()
    exchange(hotline, caller, change)
    caller.press(code).hear("您刚才的操作未能受理").not_hear("转账成功")
    assert caller.queue
    assert moved(hotline) == []
    [entry] = entries(hotline, "refused: transfer_money")
    assert (entry["outcome"], entry["fault"]) == ("refused", "NotReadBack")
    assert "a request differs from what was read back; refused" in hotline.log.getvalue()
    assert service_audit.UNCONFIRMED._value.get() - before == 1
    assert whole(hotline)


def test_what_failed_stands_in_the_trail_by_its_kind_alone(
    quick_hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of a fault may hold what was keyed, and a trail is kept in clear."""

    def fail(_bank: LedgerBank, _biller: str, number: str) -> None:
        raise ProviderError(f"no answer about {number}")

    monkeypatch.setattr(LedgerBank, "find_bill", fail)
    to_bill(quick_hotline.mandarin()).hear("非常抱歉")
    trails = " ".join(str(row) for row in quick_hotline.ask("select trail from turns"))
    assert "failed: ProviderError" in trails
    assert "3100458812" not in trails
