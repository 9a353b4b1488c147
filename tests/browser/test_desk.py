"""A shift at the desk in a real browser, by keyboard alone: the hotline, the exchange and the worker run behind it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.console.application import standalone
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.browser.conftest import LOOKOUT
from tests.browser.test_console import UNNAMED, sign_in
from tests.support.centre import AGENTS, Centre, Seat, open_centre
from tests.support.console import Console, open_console
from tests.support.hotline import QUERY, WANG, Clock
from tests.support.hotline_fixtures import seeded_sqlite
from tests.support.serving import Served

__all__ = ["seeded_sqlite"]
pytestmark = pytest.mark.browser
CLEAR = "+8613800138000"


@dataclass
class Place:
    """A service centre whose staff pages and telephones are on one address, as `make run` serves them."""

    centre: Centre
    console: Console
    url: str
    browser: Browser
    contexts: list[BrowserContext]
    complaints: list[str]

    def desk(self, name: str = "agent1", **options: Any) -> Page:
        """Somebody's desk, in a browser of their own."""
        context = self.browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768}, **options)
        context.add_init_script(LOOKOUT)
        self.contexts.append(context)
        context.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(f"{self.url}/console/")
        sign_in(page, name)
        page.goto(f"{self.url}/console/desk")
        expect(page.locator("#connection")).to_have_text("已连接")
        return page

    def seat(self, name: str = "agent1") -> Seat:
        """What stands of an agent in the database."""
        return Seat(self.centre, name)


@contextmanager
def working(centre: Centre) -> Iterator[None]:
    """A worker goes round in the background."""
    is_over = threading.Event()

    def go_round() -> None:
        while not is_over.wait(0.05):
            centre.step()

    thread = threading.Thread(target=go_round, daemon=True)
    thread.start()
    yield
    is_over.set()
    thread.join()


@pytest.fixture
def place(
    browser: Browser, seeded_sqlite: Database, settings: Settings, keyring: Keyring, fast_hasher: PasswordHasher
) -> Iterator[Place]:
    clock = Clock()
    with open_centre(seeded_sqlite, settings, keyring, clock) as centre:
        console = open_console(seeded_sqlite, keyring, fast_hasher, clock)
        console.office = replace(console.office, paths=centre.means.paths)
        app = standalone(lambda: console.office)
        app.register_blueprint(centre.office.exchange.blueprint())
        served = Served(app)
        opened = Place(centre, console, f"http://127.0.0.1:{served.port}", browser, [], [])
        with working(centre):
            yield opened
            for context in opened.contexts:
                context.close()
        console.close()
        served.close()
    expected = ("status of 422", "status of 409", "ERR_")
    assert [each for each in opened.complaints if not any(known in each for known in expected)] == []


def state(page: Page) -> Any:
    """Where the page says what the agent does."""
    return expect(page.get_by_role("status", name="座席状态"))


def button(page: Page, name: str) -> Any:
    """A button by its name; the key shown on it is no part of that."""
    return page.get_by_role("button", name=name, exact=True)


def test_a_whole_shift_by_keyboard_alone(place: Place) -> None:
    page, seat = place.desk(), place.seat()
    skill(place)
    state(page).to_have_text("签退")
    page.keyboard.press("r")
    state(page).to_have_text("示闲")
    caller = place.centre.dial(keys=f"1 2 1 {QUERY[WANG]} 0")
    expect(page.get_by_role("region", name="来电")).to_contain_text("王*")
    state(page).to_have_text("振铃")
    page.keyboard.press("F2")
    state(page).to_have_text("通话")
    expect(button(page, "保持")).to_be_visible()
    caller.hear("connected")
    caller.say("我想查一下余额")
    expect(page.locator("#said")).to_contain_text("我想查一下余额")
    page.keyboard.press("i")
    page.keyboard.type("好的，请稍等")
    page.keyboard.press("Enter")
    place.centre.until(lambda: any("好的，请稍等" in said for said in caller.said()))
    page.keyboard.press("Escape")
    _reveals(page)
    page.keyboard.press("n")
    page.keyboard.type("余额 h 查询")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.keyboard.press("End")
    state(page).to_have_text("通话")  # a key of whoever types
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    state(page).to_have_text("保持")
    page.keyboard.press("F8")
    state(page).to_have_text("通话")
    asked = len(caller.events("listening"))
    page.keyboard.press("v")
    place.centre.asked(caller, asked + 1)
    caller.press("285907")
    expect(page.locator("#proof")).to_contain_text("交易密码已验")
    page.keyboard.press("End")
    state(page).to_have_text("小结")
    _writes_up(page)
    state(page).to_have_text("示闲")
    assert place.centre.one("select disposition from wrap_ups") == "solved"
    button(page, "签退").press("Enter")
    state(page).to_have_text("签退")
    assert seat.state == "signed_out"


def _reveals(page: Page) -> None:
    expect(page.get_by_role("region", name="客户")).not_to_contain_text(CLEAR)
    button(page, "显示").first.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()  # a reason is required
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="客户")).to_contain_text(CLEAR)


def _writes_up(page: Page) -> None:
    expect(page.get_by_label("笔记").last).to_have_value("余额 h 查询")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("业务分类")).to_be_focused()
    expect(page.get_by_label("业务分类")).to_have_accessible_description(re.compile("请填写这一项"))
    page.keyboard.press("ArrowDown")
    page.get_by_label("产品").press("ArrowDown")
    page.get_by_label("已解决").press("Space")
    page.keyboard.press("Control+Enter")


def test_what_is_typed_stays_when_the_customer_hangs_up(place: Place) -> None:
    page = place.desk()
    skill(place)
    page.keyboard.press("r")
    caller = place.centre.dial()
    button(page, "接听").press("Enter")
    caller.hear("connected")
    page.keyboard.press("n")
    page.keyboard.type("客户要求")
    page.keyboard.press("Escape")
    caller.say("你好")
    expect(page.locator("#said")).to_contain_text("你好")
    page.keyboard.press("i")
    page.keyboard.type("您好")
    page.keyboard.press("Enter")
    expect(page.locator("#said li")).to_have_text(["客户你好", "我您好"])
    page.reload()
    expect(page.locator("#said li")).to_have_text(["客户你好", "我您好"])
    page.locator("#notes").focus()
    page.keyboard.press("Control+End")
    caller.hang_up()
    state(page).to_have_text("小结")
    expect(page.locator("#notes")).to_be_focused()
    page.keyboard.type("回电")
    expect(page.locator("#notes")).to_have_value("客户要求回电")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("#notes")).to_have_value("客户要求回电")


def test_several_tabs_of_one_agent_are_one_desk(place: Place) -> None:
    page = place.desk()
    skill(place)
    other = page.context.new_page()
    other.goto(f"{place.url}/console/desk")
    expect(other.get_by_text("声音在另一个标签页")).to_be_visible()
    page.keyboard.press("r")
    state(other).to_have_text("示闲")
    place.centre.dial()
    expect(button(other, "接听")).to_be_visible()
    button(page, "接听").press("Enter")
    expect(button(other, "接听")).to_have_count(0)
    state(other).to_have_text("通话")
    expect(button(page, "保持")).to_be_visible()
    button(other, "在此接听").press("Enter")
    expect(page.get_by_text("声音在另一个标签页")).to_be_visible()
    other.keyboard.press("h")
    state(page).to_have_text("保持")


def test_a_desk_that_proves_nothing_loses_no_caller_and_comes_back_by_itself(place: Place) -> None:
    asleep, awake = place.desk("agent1"), place.desk("agent2")
    for page, name in ((asleep, "agent1"), (awake, "agent2")):
        skill(place, name)
        page.keyboard.press("r")
        state(page).to_have_text("示闲")
    asleep.context.set_offline(True)  # as a page that sleeps, it sends nothing
    place.centre.clock.forward(seconds=16)
    place.centre.until(lambda: place.seat("agent1").state, "unreachable")
    place.centre.step()
    place.centre.clock.forward(seconds=2)  # the desk that is awake says within five seconds that it runs
    place.centre.until(lambda: place.seat("agent2").state, "ready")
    place.centre.clock.forward(seconds=2)  # no rule changes an agent twice in a second
    place.centre.dial()
    expect(button(awake, "接听")).to_be_visible()
    assert place.seat("agent1").state == "unreachable"
    asleep.context.set_offline(False)
    state(asleep).to_have_text("示闲")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_face_of_the_desk_has_names_and_fits_its_window(place: Place, scheme: Any) -> None:
    page = place.desk(color_scheme=scheme)
    skill(place)
    _fits(page)
    page.keyboard.press("r")
    caller = place.centre.dial(keys=f"1 2 1 {QUERY[WANG]} 0")
    expect(button(page, "接听")).to_be_visible()
    _fits(page)
    page.keyboard.press("F2")
    expect(button(page, "保持")).to_be_visible()
    _fits(page)
    for shown in ("#notes", "#category", "#line"):
        expect(page.locator(shown)).to_be_in_viewport(ratio=1)
    caller.hang_up()
    state(page).to_have_text("小结")
    _fits(page)


def _fits(page: Page) -> None:
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def skill(place: Place, name: str = "agent1") -> None:
    """What the agent of the browser serves."""
    place.centre.hotline.do("delete from agent_skills where agent_id = :a", a=name)
    for each, level in AGENTS[name]:
        place.centre.hotline.do(
            "insert into agent_skills (agent_id, skill, level) values (:a, :s, :l)", a=name, s=each, l=level
        )
