"""The staff pages in a real browser: each role, by keyboard alone, in both languages, in the light and in the dark."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.centre.staff.demo import DEMO_STAFF, password_of
from ivr.centre.staff.roles import Role
from ivr.console.pages.home import HOMES, LEADS
from ivr.console.words.english import ENGLISH
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from tests.browser.conftest import LOOKOUT, Opened
from tests.browser.test_looks import CONTRASTS
from tests.support.console import Console, open_console
from tests.support.hotline import Clock

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
PEOPLE = [shown.person for shown in DEMO_STAFF if shown.person.roles.isdisjoint(LEADS)]
LINKS = {
    Role.HEAD: {"现场监控", "大屏"},
    Role.STATS: {"大屏"},
    Role.TECH: {"员工", "导入名册"},
    Role.HR: {"员工", "导入名册"},
    Role.AUDIT: {"审计日志"},
}
UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a")].filter((e) =>
  e.checkVisibility() && !(e.getAttribute("aria-label") || e.innerText?.trim() || e.labels?.[0]?.innerText.trim())
).map((e) => e.outerHTML)"""
SMALL = """() => [...document.querySelectorAll("input:not([type=hidden]), select, button")].filter((e) =>
  e.checkVisibility() && e.getBoundingClientRect().height < 16).map((e) => e.outerHTML)"""


@pytest.fixture
def console(sqlite_database: Database, keyring: Keyring, fast_hasher: PasswordHasher) -> Iterator[Console]:
    opened = open_console(sqlite_database, keyring, fast_hasher, Clock())
    yield opened
    opened.close()


@pytest.fixture
def open_page(browser: Browser, console: Console) -> Iterator[OpenPage]:
    """Opens the sign-in page in a context of its own; at the end nothing may have been complained about."""
    contexts: list[BrowserContext] = []
    opened: list[Opened] = []

    def open_one(**options: object) -> Page:
        chosen = {"locale": "zh-CN", "viewport": {"width": 1366, "height": 768}, **options}
        context = browser.new_context(**chosen)  # type: ignore[arg-type]
        context.add_init_script(LOOKOUT)
        page = context.new_page()
        one = Opened(page, expected=["status of 4(04|22)"])
        page.on("console", lambda said: one.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        page.goto(f"{console.url}/console/")
        contexts.append(context)
        opened.append(one)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [complaint for one in opened for complaint in one.unexpected()] == []


def sign_in(page: Page, user_name: str, *, english: bool = False) -> None:
    """By the names of the fields, and the keyboard."""
    page.get_by_label("User name" if english else "用户名", exact=True).fill(user_name)
    page.keyboard.press("Tab")
    page.keyboard.type(password_of(user_name))
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation")).to_be_visible()
    page.wait_for_load_state()  # keys work once the page's modules have run


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.user_name)
def test_each_role_signs_in_by_keyboard_and_sees_its_home_and_nothing_else(open_page: OpenPage, person: object) -> None:
    page = open_page()
    assert isinstance(person, type(PEOPLE[0]))
    sign_in(page, person.user_name)
    [role] = person.roles
    if role in LEADS:
        expect(page).to_have_url(re.compile("/console/(desk|floor)$"))
        return
    expect(page.get_by_role("heading", level=1)).to_have_text(HOMES[role].title)
    links = set(page.locator("main").get_by_role("link").all_inner_texts())
    assert {link.split("\n")[0] for link in links} == {"我的账号"} | LINKS.get(role, set())
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH[HOMES[role].title])
    page.get_by_role("button", name="Sign out", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_an_account_is_locked_by_keyboard_alone(open_page: OpenPage, console: Console) -> None:
    page = open_page()
    page.goto(f"{console.url}/console/sign-in?lang=en")
    sign_in(page, "tech1", english=True)
    page.get_by_role("link", name="Staff", exact=True).first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff")
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.get_by_label("User name, name or department")).to_be_focused()
    page.keyboard.type("agent1")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="agent1", exact=True).press("Enter")
    reason = page.get_by_label("Reason")
    reason.focus()
    page.keyboard.type("left a desk open")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    assert console.account("agent1").state == "active", "neither key does what only a button of its own does"
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Locked")
    assert console.account("agent1").state == "locked"


def test_a_fault_is_named_at_its_field_which_has_the_focus(open_page: OpenPage, console: Console) -> None:
    page = open_page()
    sign_in(page, "agent1")
    page.goto(f"{console.url}/console/account/password")
    page.get_by_label("现用密码").fill(password_of("agent1"))
    page.get_by_label("新密码", exact=False).first.fill("short")
    page.get_by_label("再输一次新密码").fill("short")
    page.keyboard.press("Enter")
    field = page.locator("#new")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("密码至少 15 位"))
    page.get_by_role("alert").get_by_role("link", name="新密码").press("Enter")
    expect(field).to_be_focused()


def test_a_second_factor_is_set_up_from_a_picture(open_page: OpenPage, console: Console) -> None:
    page = open_page()
    sign_in(page, "agent1")
    page.goto(f"{console.url}/console/account/second-factor")
    page.get_by_label("现用密码").fill(password_of("agent1"))
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name="动态码的二维码")
    expect(picture).to_be_visible()
    page.wait_for_load_state()
    assert picture.evaluate("(image) => image.naturalWidth") > 200
    expect(page.locator("#secret")).to_have_text(re.compile("([A-Z2-7]{4} ){7}[A-Z2-7]{4}"))


def test_keys_rest_while_somebody_types_and_can_be_switched_off(open_page: OpenPage, console: Console) -> None:
    page = open_page()
    page.get_by_label("用户名", exact=True).fill("")
    page.keyboard.type("l?")
    expect(page.get_by_label("用户名", exact=True)).to_have_value("l?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="按键说明")).to_be_visible()
    page.get_by_label("使用单键快捷键").press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.goto(f"{console.url}/console/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_and_every_control_has_a_name(
    open_page: OpenPage, console: Console, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    _assert_legible(page)
    for user_name, paths in {
        "tech1": ["", "staff", "staff/agent1", "staff/import", "account", "account/password", "account/second-factor"],
        "audit1": ["audit", "no/such/page"],
    }.items():
        page.context.clear_cookies()
        page.goto(f"{console.url}/console/")
        sign_in(page, user_name)
        for path in paths:
            for language in ("zh-CN", "en"):
                page.goto(f"{console.url}/console/{path}?lang={language}")
                _assert_legible(page)


def _assert_legible(page: Page) -> None:
    """Contrast of at least 4.5, a name for every control, one heading, and no way sideways at 1024 px."""
    for text, contrast in page.evaluate(CONTRASTS):
        assert contrast >= 4.5, (page.url, text, contrast)
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate(SMALL) == []
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024, page.url
    page.set_viewport_size({"width": 1366, "height": 768})
