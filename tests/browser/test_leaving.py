"""Whoever leaves the page has hung up: at once when the page can say so, after a while when it cannot."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ivr.exchange import phone_attendance
from ivr.exchange.leg import Leg
from ivr.exchange.phone_api import ATTENDED
from tests.browser.conftest import OpenPhone
from tests.browser.station import WANG, Station

BOUND_SECONDS = 20


def newest(station: Station) -> Leg:
    assert station.exchange is not None
    return list(station.exchange._board.legs.values())[-1]


def ending(leg: Leg) -> tuple[str, str]:
    """By whom and why the call ended, waiting for that."""
    with leg.line.changed:
        assert leg.line.changed.wait_for(lambda: leg.over, timeout=BOUND_SECONDS), "the caller is still on the line"
        return leg.journal[-1]["by"], leg.journal[-1]["reason"]


@pytest.mark.browser
@pytest.mark.parametrize(
    "leave",
    [Page.close, Page.reload, lambda page: page.goto("about:blank"), lambda page: page.context.close()],
    ids=["closed", "reloaded", "left", "window closed"],
)
def test_leaving_the_page_is_the_callers_hang_up(
    open_phone: OpenPhone, exchange_at: tuple[str, Station], leave: Callable[[Page], object]
) -> None:
    page = open_phone().page
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("通话中")
    leg = newest(exchange_at[1])
    assert not leg.over
    leave(page)
    assert ending(leg) == ("caller", "hangup")


@pytest.mark.browser
def test_the_page_says_that_it_attends_to_its_calls(open_phone: OpenPhone) -> None:
    page = open_phone().page
    with page.expect_request("**/phone/api/calls") as dialled, page.expect_request("**/events?*") as asked:
        page.locator("#call").click()
    assert all(ATTENDED.lower() in request.value.headers for request in (dialled, asked))
    expect(page.locator("#state")).to_have_text("通话中")
    page.locator("#hang-up").click()
    expect(page.locator("#state")).to_have_text("本机已挂机")


def test_a_page_that_vanished_without_a_word_is_hung_up_and_other_phones_are_not(
    exchange_at: tuple[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_attendance, "GONE_SECONDS", 0.2)
    station = exchange_at[1]
    client = station.served.test_client()
    script = client.post("/phone/api/calls", json={"from": WANG})
    unattended = newest(station)
    assert script.json is not None
    assert script.json["call"] == unattended.sid
    client.post("/phone/api/calls", json={"from": WANG}, headers={ATTENDED: "page"})
    assert ending(newest(station)) == ("caller", "hangup")
    assert not unattended.over
    client.post(f"/phone/api/calls/{unattended.sid}/hangup")
    assert ending(unattended) == ("caller", "hangup")
