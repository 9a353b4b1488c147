"""Prompts are spoken aloud, cut short by the caller's keys, and silent when muted."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPhone

pytestmark = pytest.mark.browser

RECORDER = """
globalThis.spoken = [];
Object.defineProperty(globalThis, "speechSynthesis", { value: {
  speak: (what) => spoken.push(`${what.lang} ${what.text}`), cancel: () => spoken.push("cut"), getVoices: () => [{}],
}});
"""


def spoken(page: Page) -> list[str]:
    heard: list[str] = page.evaluate("spoken")
    return heard


def wait_for_spoken(page: Page, last: str) -> None:
    """The newest thing spoken becomes this; it may come a moment after its line is shown."""
    page.wait_for_function("last => spoken.at(-1) === last", arg=last)


def test_a_prompt_is_spoken_in_its_language_and_a_key_cuts_it(open_phone: OpenPhone) -> None:
    page = open_phone(script=RECORDER).page
    page.locator("#call").click()
    expect(page.locator(".line.lit .words")).to_have_text("查询请按1")
    wait_for_spoken(page, "zh-CN 查询请按1")
    expect(page.locator("#lines")).to_have_attribute("aria-live", "off")
    page.keyboard.press("1")
    expect(page.locator(".line.lit .words")).to_have_text("请输密码")
    after = spoken(page)[spoken(page).index("zh-CN 查询请按1") + 1 :]
    assert after[0] == "cut"
    assert after[-1] == "zh-CN 请输密码"
    page.keyboard.press("Escape")
    expect(page.locator("#state")).to_have_text("本机已挂机")
    wait_for_spoken(page, "cut")


def test_with_the_sound_off_nothing_is_spoken_and_a_screen_reader_reads_the_lines(open_phone: OpenPhone) -> None:
    page = open_phone(script=RECORDER).page
    page.get_by_role("button", name="声音").click()
    expect(page.get_by_role("button", name="声音")).to_have_attribute("aria-pressed", "false")
    page.locator("#call").click()
    expect(page.locator(".line.lit .words")).to_have_text("查询请按1")
    assert set(spoken(page)) <= {"cut"}
    expect(page.locator("#lines")).to_have_attribute("aria-live", "polite")
    page.locator("#hang-up").click()
    expect(page.locator("#state")).to_have_text("本机已挂机")


def test_a_recording_is_fetched_from_the_hotlines_application_and_played(open_phone: OpenPhone) -> None:
    page = open_phone(script=RECORDER).page
    page.locator("#call").click()
    expect(page.locator(".line.lit")).to_have_count(1)
    with page.expect_response("**/hello.wav") as fetched:
        page.keyboard.press("2")
    assert fetched.value.ok
    expect(page.locator(".line.play .words")).to_have_text("［播放录音］")
    expect(page.locator(".line.say .words")).to_have_count(2)
    wait_for_spoken(page, "zh-CN 查询请按1")
    page.locator("#hang-up").click()
    expect(page.locator("#state")).to_have_text("本机已挂机")
