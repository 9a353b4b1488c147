"""The exchange goes away and comes back; the phone says since when, and needs no reload."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenPhone
from tests.browser.station import WANG, Station, ending, free_port, newest, serve

pytestmark = pytest.mark.browser


class ExchangeProcess:
    """An exchange in a process of its own, so that its end tears every connection as a crash does."""

    def __init__(self, voice_url: str) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._voice_url = voice_url

    def start(self) -> None:
        command = [sys.executable, "-m", "exchange", "--voice-url", self._voice_url, "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for _ in range(200):
            try:
                requests.get(f"{self.url}/phone/api/hotline", timeout=5)
            except requests.ConnectionError:
                assert self._process.poll() is None, "the exchange did not start"
                time.sleep(0.05)  # it is starting; a port gives no sign
            else:
                return
        raise AssertionError("the exchange does not answer")

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def process() -> Iterator[ExchangeProcess]:
    process = ExchangeProcess(f"{serve(Station().app)}/voice")
    process.start()
    yield process
    process.kill()


def test_a_lost_exchange_is_announced_and_found_again(open_phone: OpenPhone, process: ExchangeProcess) -> None:
    phone = open_phone(process.url)
    phone.expected += ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "status of 404"]
    page = phone.page
    page.locator("#number").fill("+8613800138000")
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("通话中")
    process.kill()
    expect(page.get_by_role("alert")).to_contain_text("起与交换机失去连接，正在自动重连")
    expect(page.locator("#state")).to_have_text("连接已断开")  # nobody knows how the call stands
    expect(page.locator("#waiting")).not_to_have_class("waiting on")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/keys")):
        page.keyboard.press("1")
    process.start()
    expect(page.get_by_role("alert")).to_have_text("")
    expect(page.locator("#state")).to_have_text("通话中断")
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("通话中")
    page.locator("#hang-up").click()
    expect(page.locator("#state")).to_have_text("本机已挂机")


def test_a_telephone_without_a_connection_can_be_put_down_and_the_exchange_hears_of_it_later(
    open_phone: OpenPhone, exchange_at: tuple[str, Station]
) -> None:
    phone = open_phone()
    phone.expected.append("ERR_INTERNET_DISCONNECTED")
    page = phone.page
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("通话中")
    leg = newest(exchange_at[1])
    page.context.set_offline(True)
    page.keyboard.press("Escape")
    expect(page.locator("#state")).to_have_text("本机已挂机")
    expect(page.locator("#call")).to_have_attribute("aria-disabled", "false")
    assert not leg.over
    page.context.set_offline(False)
    assert ending(leg) == ("caller", "hangup")
    expect(page.get_by_role("alert")).to_have_text("")
    expect(page.locator("#state")).to_have_text("本机已挂机")


def test_a_telephone_put_down_before_the_exchange_has_answered_leaves_no_call(
    open_phone: OpenPhone, exchange_at: tuple[str, Station]
) -> None:
    page = open_phone().page
    held: list[Route] = []
    page.route("**/phone/api/calls", lambda route: held.append(route))
    with page.expect_request("**/phone/api/calls"):
        page.locator("#call").click()
    page.keyboard.press("Escape")
    expect(page.locator("#state")).to_have_text("本机已挂机")
    with page.expect_response("**/hangup"):
        held[0].continue_()
    leg = newest(exchange_at[1])
    assert (leg.caller, ending(leg)) == (WANG, ("caller", "hangup"))
    expect(page.locator("#state")).to_have_text("本机已挂机")
