"""A browser, a station to call, and a watch on what the page complains about."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.station import Station, serve

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOKOUT = "document.addEventListener('securitypolicyviolation', (e) => console.error('CSP ' + e.violatedDirective));"

expect.set_options(timeout=8000)


@dataclass
class Opened:
    """A page on the phone, what it complained about, and which complaints the test expects (regular expressions)."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def unexpected(self) -> list[str]:
        return [one for one in self.complaints if not any(re.search(known, one) for known in self.expected)]


OpenPhone = Callable[..., Opened]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def exchange_at() -> Iterator[tuple[str, Station]]:
    """The exchange's base URL and its station."""
    station = Station()
    yield serve(station.connect(f"{serve(station.app)}/voice")), station
    assert station.exchange is not None
    station.exchange.close()


@pytest.fixture
def open_phone(browser: Browser, exchange_at: tuple[str, Station]) -> Iterator[OpenPhone]:
    """Opens the phone in a context of its own; at the end nothing may have been complained about."""
    contexts: list[BrowserContext] = []
    phones: list[Opened] = []

    def open_one(url: str = exchange_at[0], script: str = "", **options: object) -> Opened:
        chosen = {"locale": "zh-CN", "viewport": {"width": 1366, "height": 768}, **options}
        context = browser.new_context(**chosen)  # type: ignore[arg-type]
        context.add_init_script(LOOKOUT + script)
        page = context.new_page()
        opened = Opened(page)
        page.on("console", lambda said: opened.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())  # leave the page during a call: yes
        page.goto(f"{url}/phone")
        contexts.append(context)
        phones.append(opened)
        expect(page.locator("#number")).not_to_have_value("")
        return opened

    yield open_one
    for context in contexts:
        context.close()
    assert [one for phone in phones for one in phone.unexpected()] == []
