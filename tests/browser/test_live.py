"""Live pages in a browser: what a colleague does appears by itself; a broken connection says so and comes back."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.console.streams import Streams
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from tests.browser.conftest import LOOKOUT
from tests.browser.test_console import sign_in
from tests.support.console import Console, open_console
from tests.support.hotline import Clock

pytestmark = pytest.mark.browser
OpenTabs = Callable[..., list[Page]]


class Network:
    """A network between a browser and the pages, which can freeze: nothing is cut, and nothing passes any more."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._passes = threading.Event()
        self._passes.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        self._passes.clear()

    def thaw(self) -> None:
        self._passes.set()

    def close(self) -> None:
        self._door.close()
        self.thaw()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                server = socket.create_connection(self._to)
                for pair in ((browser, server), (server, browser)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._passes.wait()
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class CountedStreams(Streams):
    """Streams that know how many were open at once."""

    def __init__(self, of: Streams, most: int) -> None:
        super().__init__(of.listener, most, of.beat_seconds)
        self.open = self.begun = 0

    def take(self) -> bool:
        self.open, self.begun = self.open + 1, self.begun + 1
        return super().take()

    def give_back(self) -> None:
        self.open -= 1
        super().give_back()


@pytest.fixture
def console(
    request: pytest.FixtureRequest, sqlite_database: Database, keyring: Keyring, fast_hasher: PasswordHasher
) -> Iterator[Console]:
    opened = open_console(sqlite_database, keyring, fast_hasher, Clock())
    most = getattr(request, "param", 8)
    opened.office = replace(opened.office, streams=CountedStreams(opened.office.streams, most))
    yield opened
    opened.close()


@pytest.fixture
def network(console: Console) -> Iterator[Network]:
    made = Network(console.served.port)
    yield made
    made.close()


@pytest.fixture
def open_tabs(browser: Browser, network: Network) -> Iterator[OpenTabs]:
    """Signs in as tech1, and opens the list of staff in so many tabs; nothing may be complained about."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_some(count: int, script: str = "") -> list[Page]:
        context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
        context.add_init_script(LOOKOUT + script)
        contexts.append(context)
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        pages = [context.new_page() for _ in range(count)]
        pages[0].goto(f"http://127.0.0.1:{network.port}/console/")
        sign_in(pages[0], "tech1")
        for page in pages:
            page.goto(f"http://127.0.0.1:{network.port}/console/staff")
        for page in pages:
            expect(page.locator("#connection")).to_have_text("已连接")
        return pages

    yield open_some
    for context in contexts:
        context.close()
    assert [each for each in complaints if "ERR_" not in each] == []


def act(console: Console, deed: str, user_name: str = "agent1") -> None:
    """A colleague does something to an account."""
    tech = console.person("tech1")
    tech.get(f"/console/staff/{user_name}")
    assert tech.post(f"/console/staff/{user_name}/{deed}", {"why": "as agreed"}).status_code == 200


def streams_of(console: Console) -> CountedStreams:
    streams = console.office.streams
    assert isinstance(streams, CountedStreams)
    return streams


def test_a_colleagues_deed_appears_in_two_tabs_that_share_one_stream(open_tabs: OpenTabs, console: Console) -> None:
    shown, hidden = open_tabs(2)
    shown.bring_to_front()
    assert streams_of(console).open == 1
    begun = streams_of(console).begun
    row = shown.locator("[data-key=agent1]")
    row.get_by_role("link").focus()
    row.evaluate("element => { window.kept = element; }")
    shown.get_by_label("用户名、姓名或部门").evaluate("element => { element.value = 'half typed'; }")
    act(console, "lock")
    for page in (shown, hidden):
        expect(page.locator("[data-key=agent1]")).to_contain_text("已锁定")
    assert shown.evaluate("window.kept === document.querySelector('[data-key=agent1]')"), "the row was made anew"
    assert shown.evaluate("document.activeElement.closest('tr') === window.kept"), "the focus was lost"
    expect(shown.get_by_label("用户名、姓名或部门")).to_have_value("half typed")
    order = "[...document.querySelectorAll('[data-key]')].map((row) => row.dataset.key)"
    assert shown.evaluate(order) == hidden.evaluate(order)
    hidden.reload()
    assert shown.evaluate(order) == hidden.evaluate(order), "patched and loaded pages are alike"
    assert streams_of(console).begun == begun, "one stream, from the first to the last tab"


def test_a_frozen_network_is_said_and_come_back_from(open_tabs: OpenTabs, console: Console, network: Network) -> None:
    [page] = open_tabs(1)
    network.freeze()
    expect(page.locator("#connection")).to_have_text("连接中断 自 10:00:00")
    act(console, "lock")
    network.thaw()
    expect(page.locator("#connection")).to_have_text("已连接")
    expect(page.locator("[data-key=agent1]")).to_contain_text("已锁定")


def test_a_browser_without_shared_workers_listens_in_each_page(open_tabs: OpenTabs, console: Console) -> None:
    pages = open_tabs(2, "delete self.SharedWorker;")
    assert streams_of(console).open == 2
    act(console, "lock")
    for page in pages:
        expect(page.locator("[data-key=agent1]")).to_contain_text("已锁定")


@pytest.mark.whole
@pytest.mark.parametrize("console", [0], indirect=True)
def test_a_page_that_is_refused_a_stream_polls(open_tabs: OpenTabs, console: Console) -> None:
    [page] = open_tabs(1)
    act(console, "lock")
    expect(page.locator("[data-key=agent1]")).to_contain_text("已锁定")
    assert streams_of(console).begun > 0, "it asked for one"


def test_a_session_that_is_over_leads_to_the_sign_in_page(open_tabs: OpenTabs, console: Console) -> None:
    pages = open_tabs(2)
    console.clock.forward(minutes=15)
    for page in pages:
        expect(page.get_by_label("用户名", exact=True)).to_be_visible()


def test_clocks_run_by_the_servers_time(open_tabs: OpenTabs) -> None:
    """The browser's own clock is years away from the server's, which stands still here."""
    [page] = open_tabs(1)
    page.locator("main").evaluate(
        """main => { for (const [name, at] of [["since", "2026-03-04T00:54:51Z"], ["until", "2026-03-04T02:00:07Z"]]) {
          const time = document.createElement("time"); time.dataset[name] = at; main.append(time); } }"""
    )
    expect(page.locator("time[data-since]")).to_have_text("1:05:09")
    expect(page.locator("time[data-until]")).to_have_text("0:07")
