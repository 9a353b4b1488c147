"""Whoever leaves the page has hung up: at once when the page can say so, after a while when it cannot."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from exchange import phone_liveness
from exchange.phone_api import HEARTBEAT_HEADER
from tests.browser.conftest import OpenPhone
from tests.browser.station import WANG, Station, ending, newest


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
@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh-CN", "上次通话因页面刷新而结束。"), ("en-GB", "The last call ended because the page was reloaded.")],
)
def test_a_reload_says_that_it_ended_the_call_until_the_next_one(
    open_phone: OpenPhone, locale: str, words: str
) -> None:
    page = open_phone(locale=locale).page
    alert, state = page.get_by_role("alert"), page.locator("#state")
    page.reload()
    expect(page.locator("#number")).to_have_value(WANG)
    expect(alert).to_have_text("")
    page.locator("#call").click()
    expect(state).to_have_attribute("data-phase", "live")
    for _ in range(2):
        page.reload()
        expect(alert).to_have_text(words)
        expect(state).to_have_attribute("data-phase", "idle")
    page.locator("#call").click()
    expect(state).to_have_attribute("data-phase", "live")
    expect(alert).to_have_text("")
    page.locator("#hang-up").click()
    expect(state).to_have_attribute("data-phase", "ended")
    page.reload()
    expect(page.locator("#number")).to_have_value(WANG)
    expect(alert).to_have_text("")


@pytest.mark.browser
def test_a_call_left_for_another_page_is_not_blamed_on_a_reload(open_phone: OpenPhone) -> None:
    page = open_phone().page
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("通话中")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#number")).to_have_value(WANG)
    expect(page.get_by_role("alert")).to_have_text("")


@pytest.mark.browser
def test_the_page_says_that_it_attends_to_its_calls(open_phone: OpenPhone) -> None:
    page = open_phone().page
    with page.expect_request("**/phone/api/calls") as dialled, page.expect_request("**/events?*") as asked:
        page.locator("#call").click()
    assert all(HEARTBEAT_HEADER.lower() in request.value.headers for request in (dialled, asked))
    expect(page.locator("#state")).to_have_text("通话中")
    page.locator("#hang-up").click()
    expect(page.locator("#state")).to_have_text("本机已挂机")


def test_a_page_that_vanished_without_a_word_is_hung_up_and_other_phones_are_not(
    exchange_at: tuple[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_liveness, "GONE_SECONDS", 0.2)
    station = exchange_at[1]
    client = station.served.test_client()
    script = client.post("/phone/api/calls", json={"from": WANG})
    unattended = newest(station)
    assert script.json is not None
    assert script.json["call"] == unattended.sid
    client.post("/phone/api/calls", json={"from": WANG}, headers={HEARTBEAT_HEADER: "page"})
    assert ending(newest(station)) == ("caller", "hangup")
    assert not unattended.over
    client.post(f"/phone/api/calls/{unattended.sid}/hangup")
    assert ending(unattended) == ("caller", "hangup")
