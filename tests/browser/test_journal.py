"""The journal of calls in a browser: a real call is found by keyboard, read as it was heard, and played."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.browser.conftest import LOOKOUT
from tests.browser.test_console import assert_legible, sign_in
from tests.support.centre import Centre, open_centre
from tests.support.console import Console, open_console
from tests.support.hotline import LI, QUERY, WANG, Clock
from tests.support.hotline_fixtures import clock, seeded_sqlite

__all__ = ["clock", "seeded_sqlite"]
pytestmark = pytest.mark.browser


@dataclass
class Journal:
    """A centre in which somebody was served, and its staff pages."""

    centre: Centre
    console: Console
    served: str


@pytest.fixture
def journal(
    seeded_sqlite: Database, settings: Settings, keyring: Keyring, fast_hasher: PasswordHasher, clock: Clock
) -> Iterator[Journal]:
    with open_centre(seeded_sqlite, settings, keyring, clock) as centre:
        console = open_console(seeded_sqlite, keyring, fast_hasher, clock, centre.means.provider.recordings)
        yield Journal(centre, console, _serve(centre))
        console.close()


def _serve(centre: Centre) -> str:
    """王芳 fails at her password, is held, verified by agent1 and written up; 李强 waits and hangs up."""
    agent, second = centre.agent(), centre.agent("agent2", ready=False)
    caller = centre.dial(WANG, keys=f"1 2 1 {QUERY[WANG]} 0")
    centre.clock.forward(seconds=12)
    agent.ready()
    second.ready()
    number, line = agent.talks()
    centre.until(lambda: agent.interaction(number).recording_id is not None)
    line.say("您好")
    centre.clock.forward(seconds=65)
    agent.holds()
    centre.clock.forward(seconds=20)
    agent.retrieves()
    centre.clock.forward(seconds=40)
    second.wish("not_ready", "meal")
    agent.wish("not_ready", "break")
    waiting = centre.dial(LI)
    centre.clock.forward(seconds=33)
    waiting.hang_up()
    agent.hangs_up(number)
    centre.until(lambda: any("感谢您的来电" in said for said in caller.said()))
    centre.until(lambda: centre.one("select state from recordings"), "ready")
    centre.clock.forward(seconds=25)
    agent.wraps_up(number, notes="余额已告知，客户改日再办转账。")
    return caller.sid


@contextmanager
def page_of(browser: Browser, journal: Journal, **options: object) -> Iterator[tuple[Page, list[str]]]:
    chosen = {"locale": "zh-CN", "viewport": {"width": 1366, "height": 768}, **options}
    context = browser.new_context(**chosen)  # type: ignore[arg-type]
    context.add_init_script(LOOKOUT)
    page, complaints = context.new_page(), []
    no_exchange = "status of 404"  # the leader's first page looks for the exchange's telephone, which is not here
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" and no_exchange not in said.text else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{journal.console.url}/console/")
    yield page, complaints
    context.close()


def test_a_call_is_found_by_keyboard_read_and_heard(browser: Browser, journal: Journal) -> None:
    with page_of(browser, journal) as (page, complaints):
        sign_in(page, "leader1")
        page.get_by_role("link", name="通话记录").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("通话记录")
        page.wait_for_load_state()
        page.keyboard.press("/")
        page.keyboard.type("13800138000")
        page.keyboard.press("Enter")
        rows = page.get_by_role("table", name="通话记录").locator("tbody tr")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("138••••8000")
        expect(rows.first).to_contain_text("座席接听")
        rows.first.get_by_role("link").focus()
        page.keyboard.press("Enter")
        steps = page.get_by_role("region", name="来电经过")
        expect(steps).to_contain_text("人工服务，请按0")
        expect(steps).not_to_contain_text(QUERY[WANG])
        expect(page.get_by_role("region", name="排队")).to_contain_text("空闲最久")
        talk = page.get_by_role("region", name="来电 · agent1")
        expect(talk).to_contain_text("0:20")
        expect(talk).to_contain_text("余额已告知，客户改日再办转账。")
        talk.get_by_role("button", name="听录音").focus()
        page.keyboard.press("Enter")
        sound = page.get_by_label("agent1 的通话录音")
        expect(sound).to_be_visible()
        page.wait_for_function("document.querySelector('audio').readyState >= 1")
        assert page.evaluate("document.querySelector('audio').seekable.length") == 1
        assert complaints == []


def test_a_number_leads_to_its_calls_and_carries_its_definition(browser: Browser, journal: Journal) -> None:
    with page_of(browser, journal) as (page, complaints):
        sign_in(page, "leader1")
        page.goto(f"{journal.console.url}/console/metrics?lang=en")
        asked = page.locator(".figures > div", has_text="Asked for an agent")
        asked.get_by_role("button").focus()
        expect(page.get_by_role("tooltip", name="Times that a caller joined a queue")).to_be_visible()
        expect(asked.get_by_role("link")).to_have_text("2")
        asked.get_by_role("link").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("table").locator("tbody tr")).to_have_count(2)
        expect(page.get_by_role("status")).to_contain_text("Times that a caller joined a queue")
        assert complaints == []


def test_the_journals_pages_can_be_read(browser: Browser, journal: Journal) -> None:
    day = (journal.centre.clock() + timedelta(hours=8)).date().isoformat()
    paths = ["calls", f"calls/{journal.served}", "metrics?by=answered_by", f"calls/agents/agent1?day={day}"]
    with page_of(browser, journal, color_scheme="dark") as (page, complaints):
        sign_in(page, "leader1")
        for path in paths:
            for language in ("zh-CN", "en"):
                page.goto(f"{journal.console.url}/console/{path}{'&' if '?' in path else '?'}lang={language}")
                assert_legible(page)
        assert complaints == []
