"""Each line and text says in which language it is written, and one sentence is one line, whoever is named in it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.station import LI, Station

pytestmark = pytest.mark.browser

PARTS = "(words) => [...words.children].map((part) => [part.textContent, part.lang])"


def hear(page: Page, keys: str, words: str) -> None:
    """Calls, presses keys, and waits until this is what was said last."""
    page.locator("#call").click()
    expect(page.locator(".line.lit .words")).to_have_text("查询请按1")
    page.keyboard.type(keys)
    expect(page.locator(".line").last.locator(".words")).to_have_text(words)


def hang_up(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#hang-up")).to_have_attribute("aria-disabled", "true")


def test_a_sentence_with_a_name_in_it_is_one_line_whose_parts_have_their_languages(open_phone: OpenPhone) -> None:
    page = open_phone(locale="en-GB").page
    hear(page, "3", "You pay the one who receives it. For 王芳, card 4458, press 1.")
    expect(page.locator(".line.say")).to_have_count(2)
    assert page.locator(".line .words").last.evaluate(PARTS) == [
        ["You pay the one who receives it. For", "en-US"],
        ["王芳", "zh-CN"],
        [", card 4458, press 1.", "en-US"],
    ]
    expect(page.locator(".line").last.locator(".now")).to_have_text(", card 4458, press 1.")
    expect(page.locator(".line").first.locator(".words span")).to_have_attribute("lang", "zh-CN")
    hang_up(page)
    expect(page.locator(".now")).to_have_count(0)


def test_what_the_caller_says_and_texts_have_the_language_of_their_characters(
    open_phone: OpenPhone, exchange_at: tuple[str, Station]
) -> None:
    page = open_phone(locale="en-GB").page
    page.locator("#customer").select_option(LI)
    expect(page.locator("#customer-list [lang=zh-CN]")).to_have_count(2)
    for body, lang in (("还款提醒：本月账单已出。", "zh-CN"), ("Your statement is ready.", "en")):
        exchange_at[1].send_text(LI, body)
        expect(page.locator(".text p", has_text=body).first).to_have_attribute("lang", lang)
        expect(page.locator("#newest")).to_have_attribute("lang", lang)
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("In a call")
    page.get_by_label("What to say").fill("查余额")
    page.get_by_label("What to say").press("Enter")
    expect(page.locator(".line.heard .words span")).to_have_attribute("lang", "zh-CN")
    page.keyboard.press("Escape")
    hang_up(page)


@pytest.mark.parametrize(("locale", "caption", "lang"), [("zh-CN", "等候音乐", "zh-CN"), ("en-GB", "hold music", "en")])
def test_a_bilingual_caption_is_shown_in_the_pages_language_only(
    open_phone: OpenPhone, locale: str, caption: str, lang: str
) -> None:
    page = open_phone(locale=locale).page
    hear(page, "5", "查询请按1")
    expect(page.locator(".line.play .words")).to_have_text(caption)
    expect(page.locator(".line.play .words span")).to_have_attribute("lang", lang)
    hang_up(page)


def test_logs_hold_lists_and_lists_hold_the_items(open_phone: OpenPhone) -> None:
    page = open_phone().page
    hear(page, "1", "请输密码")
    homes = "[...document.querySelectorAll('li')].map((li) => [li.parentElement.tagName, li.parentElement.role])"
    assert {tuple(home) for home in page.evaluate(homes)} <= {("OL", None), ("UL", None)}
    for name in ("通话内容", "短信"):
        expect(page.get_by_role("log", name=name).locator("> ol")).to_have_count(1)
    expect(page.get_by_role("log", name="通话内容").get_by_role("listitem")).to_have_count(3)
    hang_up(page)
