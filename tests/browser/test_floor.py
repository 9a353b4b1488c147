"""The floor in a real browser, by keyboard alone: news appears by itself; the leader notes, steers, signs out."""

import re

import pytest
from playwright.sync_api import expect

from ivr.centre.floor.tasks import watch_alarms
from tests.browser.test_console import OpenPage, console, open_page, sign_in
from tests.console.test_floor import Means, at_work, caller
from tests.support.console import Console

__all__ = ["console", "open_page"]
pytestmark = pytest.mark.browser


def test_a_leader_works_the_floor_by_keyboard(open_page: OpenPage, console: Console) -> None:
    page = open_page()
    sign_in(page, "leader1")
    expect(page).to_have_url(re.compile("/console/floor$"))
    queues = page.get_by_role("table", name="等候队列")
    expect(queues.get_by_role("columnheader", name="等候", exact=True)).to_be_visible()
    at_work(console)
    caller(console)
    expect(page.get_by_role("row", name=re.compile("agent1"))).to_contain_text("示闲")  # by itself
    console.clock.forward(seconds=121)
    watch_alarms(Means(console))
    banner = page.get_by_role("region", name="告警")
    expect(banner).to_contain_text("综合业务最长等候")
    page.keyboard.press("k")
    expect(banner).to_contain_text("已知悉 leader1")
    page.get_by_role("link", name="陈静").press("Enter")
    expect(page.get_by_role("complementary", name="陈静 agent1")).to_be_visible()
    expect(page.get_by_role("button", name="监听", exact=True)).to_have_attribute("aria-disabled", "true")
    page.wait_for_load_state()
    page.keyboard.press("q")
    expect(page.get_by_role("row", name=re.compile("agent1"))).to_contain_text("签退")
    page.get_by_role("link", name="综合业务").press("Enter")
    page.wait_for_load_state()
    page.get_by_label("移到").select_option(label="转账支付")
    page.get_by_label("移到").press("Escape")
    page.keyboard.press("o")
    expect(queues.get_by_role("row", name=re.compile("转账支付"))).to_contain_text(re.compile("转账支付 *1"))
    page.wait_for_load_state()
    page.keyboard.press("x")
    expect(queues.get_by_role("row", name=re.compile("综合业务"))).to_contain_text("关闭至 10:17")
    page.wait_for_load_state()
    page.keyboard.press("l")
    expect(page.get_by_role("table", name="Queues")).to_contain_text("Closed until 10:17")
    page.get_by_role("link", name="Wallboard").press("Enter")
    expect(page.get_by_role("table", name="Queues").get_by_role("columnheader", name="Waiting")).to_be_visible()
    expect(page.locator("#connection")).to_have_text("Connected")


def test_a_definition_is_told_on_focus(open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, "leader1")
    term = page.get_by_role("button", name="服务水平")
    tip = page.locator("#d-level")
    expect(tip).to_be_hidden()
    term.focus()
    expect(tip).to_be_visible()
    expect(term).to_have_accessible_description(re.compile("目标时间内接听数"))
