"""How what is said and waited for is put in words and lines, worked out by the page's pure modules."""

import pytest
from playwright.sync_api import Page

from tests.browser.test_modules import REDUCE, events, keys, listening, page, say

__all__ = ["page"]  # a fixture, shared with those modules' other tests

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("digits", "finish", "kinds", "chinese", "english"),
    [
        (1, "#", ["dtmf"], "热线正在等您按 1 个键", "Waiting for 1 key"),
        (6, "#", ["dtmf"], "热线正在等您按 6 个键", "Waiting for 6 keys"),
        (1, "#", ["dtmf", "speech"], "热线正在等您按 1 个键或说话", "Waiting for 1 key or speech"),
        (None, "#", ["dtmf"], "热线正在等您按键（以 # 结束）", "Waiting for keys (# ends)"),
        (None, "", ["speech"], "热线正在等您说话", "Waiting for you to speak"),
    ],
)
def test_what_the_hotline_waits_for_is_counted_as_people_count(
    page: Page, digits: int | None, finish: str, kinds: list[str], chinese: str, english: str
) -> None:
    asked = """async (waiting) => {
      const { switchLanguage } = await import("/phone/static/words.js");
      const { waitingWord } = await import("/phone/static/call_view.js");
      return [1, 2].map(() => { const said = waitingWord({ waiting }); switchLanguage(); return said; });
    }"""
    assert page.evaluate(asked, {"digits": digits, "finish": finish, "input": kinds}) == [chinese, english]


def test_what_is_said_goes_on_the_same_line_until_something_comes_in_between(page: Page) -> None:
    said = [{"type": "answered"}, say("一"), say("二")]
    state = page.evaluate(REDUCE, events(*said))
    assert [[part["text"] for part in line["parts"]] for line in state["lines"]] == [["一", "二"]]
    for between in (
        {"type": "pause"},
        listening(1),
        {"type": "play", "url": "/a.wav"},
        {"type": "no_input"},
        keys("1"),
    ):
        lines = page.evaluate(REDUCE, events(*said, between, say("三")))["lines"]
        assert [part["text"] for part in lines[-1]["parts"]] == ["三"], between
    person = [{"type": "answered"}, say("您好", "person"), say("在吗", "person")]
    assert len(page.evaluate(REDUCE, events(*person))["lines"]) == 2


@pytest.mark.parametrize(
    ("before", "after", "blank"),
    [
        ("For", "王芳", " "),
        ("王芳", ", card", ""),
        ("再见。", "For English", ""),
        ("请按", "一", ""),
        ("For ", "王芳", ""),
        ("Hello.", "Press 1", " "),
        ("", "Press 1", ""),
    ],
)
def test_parts_of_a_sentence_are_set_apart_as_it_is_written(page: Page, before: str, after: str, blank: str) -> None:
    asked = "async ([a, b]) => (await import('/phone/static/tongue.js')).blankBetween(a, b)"
    assert page.evaluate(asked, [before, after]) == blank


def test_only_a_caption_in_both_languages_is_halved(page: Page) -> None:
    asked = """async (texts) => {
      const { halfIn } = await import("/phone/static/tongue.js");
      return texts.map((text) => halfIn("en", text));
    }"""
    texts = ["等候音乐 / hold music", "AC / DC", "收 / 付", "beep", ""]
    assert page.evaluate(asked, texts) == ["hold music", "AC / DC", "收 / 付", "beep", ""]
