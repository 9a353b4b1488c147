"""The computer's keyboard works the telephone, and steals nothing that is being typed."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone

pytestmark = pytest.mark.browser


def test_a_whole_call_needs_no_mouse(open_phone: OpenPhone) -> None:
    page = open_phone().page
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_have_text("通话中")
    page.keyboard.press("1")
    expect(page.locator(".line.say .words").last).to_have_text("请输密码")
    page.keyboard.type("12*4#")
    expect(page.locator(".line.keys .words").last).to_have_text("按键 •••••（5 个）")
    expect(page.locator(".line.say .words", has_text="密码有误")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#state")).to_have_text("本机已挂机")


def test_what_is_typed_into_a_field_presses_no_key(open_phone: OpenPhone) -> None:
    page = open_phone().page
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_have_text("通话中")
    page.keyboard.press("s")
    page.keyboard.type("ml 9?")
    expect(page.locator("#sentence")).to_have_value("ml 9?")
    expect(page.locator(".line.keys")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#sentence")).not_to_be_focused()
    expect(page.locator("#state")).to_have_text("通话中")
    page.keyboard.press("Escape")
    expect(page.locator("#state")).to_have_text("本机已挂机")


def test_the_question_mark_lists_the_keys_and_can_turn_the_single_ones_off(open_phone: OpenPhone) -> None:
    page = open_phone().page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="按键说明")).to_contain_text("切换中英文")
    page.get_by_label("使用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_have_text("通话中")
    page.locator("#hang-up").click()


def test_every_action_is_reached_with_the_tab_key_and_nothing_traps_it(open_phone: OpenPhone) -> None:
    page = open_phone().page
    seen: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.key || ''"))
    assert seen >= {
        "sound",
        "language",
        "help-open",
        "customer",
        "number",
        "lines",
        "call",
        "hang-up",
        "sentence",
        "say",
    }
    assert seen >= set("1234567890*#")
    assert "" in seen, "the focus never left for the summary or the browser itself"


def test_the_language_is_switched_and_remembered(open_phone: OpenPhone) -> None:
    page = open_phone().page
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Call", exact=False).first).to_contain_text("Call")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#state")).to_have_text("Ready")
    expect(page.get_by_label("What to say")).to_have_attribute("placeholder", "e.g. balance")


@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh-CN"), ("zh-TW", "zh-CN"), ("en-GB", "en"), ("fr-FR", "en")])
def test_the_first_language_is_the_browsers(open_phone: OpenPhone, locale: str, lang: str) -> None:
    page = open_phone(locale=locale).page
    expect(page.locator("html")).to_have_attribute("lang", lang)
    page.keyboard.press("l")
    chosen = "en" if lang == "zh-CN" else "zh-CN"
    expect(page.locator("html")).to_have_attribute("lang", chosen)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", chosen)
