"""Every staff page under axe-core, in both languages, in the light and in the dark; and what axe does not look at.

The pages are found from the routes: a new one that somebody may open is looked at without being named here.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.centre.staff.demo import DEMO_STAFF, password_of
from ivr.centre.staff.roles import Role
from ivr.console.access import routes
from ivr.console.application import standalone
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from tests.conformance.published import Package
from tests.support.console import Console, open_console
from tests.support.hotline import Clock

pytestmark = [pytest.mark.browser, pytest.mark.conformance, pytest.mark.whole]

AXE = Package(
    "axe-core", "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)  # fmt: skip
LOOK = """(only) => axe.run(document, only ? {runOnly: only} : {}).then((found) => [found.passes.length,
  found.violations.map((each) => [each.id, each.help, each.nodes.slice(0, 3).map((node) => node.html)])])"""
MIXED = """() => {
  if (document.documentElement.lang !== "en") return [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let text; (text = texts.nextNode()); )
    if (/\\p{Script=Han}/u.test(text.data) && text.parentElement.closest("[lang]").lang !== "zh-CN")
      found.push(text.data);
  for (const element of document.querySelectorAll("[aria-label], [alt], [placeholder], [title]"))
    for (const name of ["aria-label", "alt", "placeholder", "title"])
      if (/\\p{Script=Han}/u.test(element.getAttribute(name)) && element.closest("[lang]").lang !== "zh-CN")
        found.push(element.outerHTML);
  return found;
}"""
TABBABLE = """() => [
  ...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, [tabindex]")].filter(
  (e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0).map((e, at) => (e.dataset.at = at))"""
FOCUSED = """() => {
  const style = getComputedStyle(document.activeElement);
  return [Number(document.activeElement.dataset.at), style.outlineStyle !== "none" && style.outlineWidth !== "0px"];
}"""
LANGUAGES = ("zh-CN", "en")
OPEN = {
    role: [route.path for route in routes(standalone(lambda: None)) if route.method == "GET" and role in route.roles]
    for role in Role
}


@pytest.fixture
def axe() -> str:
    return (AXE.folder() / Path("axe.min.js")).read_text(encoding="utf-8")


@pytest.fixture
def console(sqlite_database: Database, keyring: Keyring, fast_hasher: PasswordHasher) -> Iterator[Console]:
    opened = open_console(sqlite_database, keyring, fast_hasher, Clock())
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield context.new_page()
    context.close()


def look(page: Page, axe: str) -> None:
    """Nothing that axe finds, one first heading, and no Chinese on an English page that does not say so."""
    page.evaluate(axe)
    for scheme, only in (("light", None), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        passed, found = page.evaluate(LOOK, only)
        assert found == [], (page.url, scheme, json.dumps(found, ensure_ascii=False, indent=1))
        assert passed > (0 if only else 20), "axe looked at something"
    assert page.evaluate(MIXED) == [], page.url
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def sign_in(page: Page, console: Console, user_name: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{console.url}/console/sign-in")
    page.locator("#user").fill(user_name)
    page.locator("#pass").fill(password_of(user_name))
    page.locator("#pass").press("Enter")
    expect(page.get_by_role("navigation")).to_be_visible()


NO_PAGES = ("/console/live", "/console/calls/export/")  # a stream, and files


@pytest.mark.parametrize("role", OPEN)
def test_every_page_of_a_role(console: Console, page: Page, axe: str, role: Role) -> None:
    person = next(shown.person for shown in DEMO_STAFF if role in shown.person.roles)
    sign_in(page, console, person.user_name)
    for path in OPEN[role]:
        if ("<" in path and path != "/console/staff/<user_name>") or path.startswith(NO_PAGES):
            continue
        for language in LANGUAGES:
            page.goto(f"{console.url}{path.replace('<user_name>', 'agent1')}?lang={language}")
            look(page, axe)


def test_pages_between(console: Console, page: Page, axe: str) -> None:
    """What is there for a moment: the way in, faults, a temporary password, a code, a page that is not there."""
    for language in LANGUAGES:
        page.context.clear_cookies()
        page.goto(f"{console.url}/console/sign-in?lang={language}")
        look(page, axe)
        page.locator("#user").fill("agent1")
        page.locator("#pass").fill("wrong")
        page.locator("#pass").press("Enter")
        expect(page.locator("#pass-e")).to_be_visible()
        look(page, axe)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        look(page, axe)
        sign_in(page, console, "tech1")
        page.goto(f"{console.url}/console/no/such/page?lang={language}")
        look(page, axe)
        page.goto(f"{console.url}/console/staff/agent2")
        page.locator("button[formaction$=reset]").click()
        page.locator("#why").fill("x")
        page.locator("button[formaction$=roles]").click()
        look(page, axe)
        page.locator("#why").fill("forgotten")
        page.locator("button[formaction$=reset]").click()
        expect(page.locator("output.code-word")).to_be_visible()
        look(page, axe)
        page.goto(f"{console.url}/console/account/second-factor")
        page.locator("#old").fill(password_of("tech1"))
        page.locator("#old").press("Enter")
        drawn = page.locator("img.qr")
        expect(drawn).to_be_visible()
        assert drawn.evaluate("(image) => image.complete && image.naturalWidth") > 200, (
            "the picture came through the CSP"
        )
        look(page, axe)


def test_the_focus_goes_through_a_page_as_it_is_read_and_is_seen(console: Console, page: Page) -> None:
    sign_in(page, console, "tech1")
    for path in ("staff", "staff/agent1", "staff/import"):
        page.goto(f"{console.url}/console/{path}")
        order = page.evaluate(TABBABLE)
        page.locator("body").press("Home")
        reached = []
        for _ in order:
            page.keyboard.press("Tab")
            reached.append(page.evaluate(FOCUSED))
        assert [at for at, _ in reached] == order, path
        assert all(is_seen for _, is_seen in reached), path
