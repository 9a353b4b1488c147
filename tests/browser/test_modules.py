"""The page's pure modules, given events and numbers by hand; run in the browser because that is where they live."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.station import Station

pytestmark = pytest.mark.browser

AT = "2026-11-24T02:40:00.000+00:00"
REDUCE = """async (actions) => {
  const { IDLE, reduce } = await import("/phone/static/call_state.js");
  return actions.reduce(reduce, IDLE);
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, exchange_at: tuple[str, Station]) -> Iterator[Page]:
    """One page for all of them: they leave nothing behind."""
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{exchange_at[0]}/phone")
    yield page
    page.close()


def events(*kinds: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"seq": number, "at": AT, **kind} for number, kind in enumerate(kinds, 1)]


def say(text: str, voice: str = "") -> dict[str, Any]:
    return {"type": "say", "text": text, "voice": voice, "language": "cmn-CN", "seconds": 1}


def keys(digits: str) -> dict[str, Any]:
    return {"type": "keys", "count": len(digits), "digits": digits}


def listening(digits: int | None, finish: str = "#") -> dict[str, Any]:
    return {"type": "listening", "input": ["dtmf"], "num_digits": digits, "finish_on_key": finish, "timeout": 5}


HEAR = """async (confidence) => {
  globalThis.SpeechRecognition = globalThis.webkitSpeechRecognition = class {
    start() { this.onresult({ results: [[{ transcript: "是的", confidence }]] }); this.onend(); }
    abort() {}
  };
  const { listenOnce } = await import(`/phone/static/hearing.js?${confidence}`);
  const heard = [];
  listenOnce("zh-CN", { heard: (...said) => heard.push(...said), failed: () => heard.push("failed"), done() {} });
  return heard;
}"""


def test_what_the_microphone_takes_has_a_confidence_of_its_own_or_a_plain_one(page: Page) -> None:
    assert page.evaluate(HEAR, 0.42) == ["是的", 0.42]
    assert page.evaluate(HEAR, 0) == ["是的", 0.9], "a browser that gives no figure would never be heard as a yes"


def test_keys_are_counted_together_and_never_kept(page: Page) -> None:
    state = page.evaluate(REDUCE, events({"type": "answered"}, say("密码"), keys("73"), keys("9154")))
    assert [(line["kind"], line.get("count")) for line in state["lines"]] == [("say", None), ("keys", 6)]
    assert "73" not in str(state["lines"][1])
    assert "9154" not in str(state)


@pytest.mark.parametrize(
    ("wanted", "pressed", "waits"),
    [
        (listening(6), "12345", True),
        (listening(6), "123456", False),
        (listening(None), "12#", False),
        (listening(None), "#", True),
        (listening(None, ""), "12#", True),
    ],
)
def test_the_waiting_ends_with_the_keys_that_complete_it(
    page: Page, wanted: dict[str, Any], pressed: str, waits: bool
) -> None:
    state = page.evaluate(REDUCE, events({"type": "answered"}, wanted, *map(keys, pressed)))
    assert (state["waiting"] is not None) is waits
    at_once = page.evaluate(REDUCE, events({"type": "answered"}, wanted, keys(pressed)))
    assert (at_once["waiting"] is not None) is waits


def test_the_line_being_said_is_lit_until_the_caller_or_the_call_moves_on(page: Page) -> None:
    said = [{"type": "answered"}, say("一"), say("二")]
    assert page.evaluate(REDUCE, events(*said))["lit"] == 3
    assert page.evaluate(REDUCE, events(*said, listening(1)))["lit"] == 3
    for after in (keys("1"), {"type": "heard", "text": "余额"}, {"type": "ended", "by": "hotline", "reason": "hangup"}):
        assert page.evaluate(REDUCE, events(*said, after))["lit"] is None


def test_a_caller_waits_in_the_queue_and_speaks_with_an_agent(page: Page) -> None:
    queued = [{"type": "answered"}, {"type": "queued", "queue": "普通话座席"}]
    assert page.evaluate(REDUCE, events(*queued))["queued"] is True
    talking = [*queued, {"type": "left_queue", "result": "bridged"}, {"type": "connected", "with": "client:8001"}]
    spoken = [*talking, say("您好", "person"), {"type": "own.spoke", "text": "你好"}]
    state = page.evaluate(REDUCE, events(*spoken))
    assert (state["queued"], state["party"]) == (False, "client:8001")
    assert [line.get("who") for line in state["lines"] if line["kind"] in ("say", "heard")] == ["person", None]
    assert page.evaluate(REDUCE, events(*talking, say("请为本次服务评分")))["party"] is None
    assert page.evaluate(REDUCE, events({"type": "own.spoke", "text": "没人在听"}))["lines"] == []


def test_an_unknown_event_changes_nothing(page: Page) -> None:
    before = page.evaluate(REDUCE, events({"type": "answered"}))
    assert page.evaluate(REDUCE, events({"type": "answered"}, {"type": "sneezed"})) == before


def test_notes_name_the_other_party_as_a_caller_would(page: Page) -> None:
    notes = [
        ("connected", {"with": "client:8001"}),
        ("connected", {"with": "+8613900139000"}),
        ("connected", {"with": "talk-17"}),
        ("queued", {}),
        ("left_queue", {"result": "bridged"}),
        ("left_queue", {"result": "leave"}),
        ("recording", {"status": "in-progress"}),
        ("recording", {"status": "something new"}),
    ]
    words = page.evaluate(
        """async (notes) => {
          const { lineWords } = await import("/phone/static/lines_view.js");
          return notes.map(([note, details]) => lineWords({kind: "note", note, details}));
        }""",
        notes,
    )
    assert words == [
        "已接通：座席 8001",
        "已接通：+86 139 0013 9000",
        "已接通：多方通话",
        "已进入排队，请等候座席接听",
        "座席已应答",
        "已退出排队，返回热线",
        "录音：开始",
        "录音：something new",
    ]


def test_numbers_durations_and_codes_are_written_as_people_read_them(page: Page) -> None:
    written = page.evaluate(
        """async () => {
          const f = await import("/phone/static/format.js");
          const bodies = ["【示范银行】您尾号4458的卡验证码482913，5分钟内有效", "Your code is 482913.",
            "余额 100000 元", "验证码：1234567890", "动态密码为 7391"];
          return [f.duration(151), f.telephone("+864009990000"), f.telephone("+8613800138000"), f.telephone("client:a"),
            f.dots(6), bodies.map(f.oneTimeCode)];
        }"""
    )
    codes = ["482913", "482913", None, None, "7391"]
    assert written == ["2:31", "+86 400 999 0000", "+86 138 0013 8000", "client:a", "••••••", codes]


def test_each_key_has_its_own_pair_of_tones(page: Page) -> None:
    tones = page.evaluate(
        """async () => {
          const { dualTone } = await import("/phone/static/tones.js");
          return [..."1590*#"].map(dualTone);
        }"""
    )
    assert tones == [[697, 1209], [770, 1336], [852, 1477], [941, 1336], [941, 1209], [941, 1477]]


def test_both_languages_say_everything(page: Page) -> None:
    chinese, english = page.evaluate(
        """async () => {
          const { ZH } = await import("/phone/static/words_zh.js");
          const { EN } = await import("/phone/static/words_en.js");
          return [ZH, EN];
        }"""
    )
    assert chinese.keys() == english.keys()
    assert all(chinese.values())
    assert all(english.values())


def test_every_end_of_a_call_has_its_own_words(page: Page) -> None:
    ends = [
        ("caller", "hangup"),
        ("hotline", "hangup"),
        ("exchange", "busy"),
        ("caller", "rejected"),
        ("hotline", "busy"),
        ("exchange", "no answer"),
    ]
    words = page.evaluate(
        """async (ends) => {
          const { stateWord } = await import("/phone/static/call_view.js");
          return ends.map(([by, reason]) => stateWord({phase: "ended", ended: {by, reason}}));
        }""",
        ends,
    )
    assert words == ["本机已挂机", "对方已挂机", "线路忙，请稍后再拨", "本机已拒接", "线路忙，请稍后再拨", "来电未接听"]


@pytest.mark.parametrize(
    ("tag", "text", "voice"),
    [
        ("cmn-CN", "您好", "zh-CN"),
        ("en-GB", "Hello", "en-GB"),
        ("yue-HK", "您好", "zh-HK"),
        ("", "你好", "zh-CN"),
        ("", "hi", "en-US"),
    ],
)
def test_the_browser_is_asked_for_a_voice_it_knows(page: Page, tag: str, text: str, voice: str) -> None:
    asked = "async ([tag, text]) => (await import('/phone/static/voice.js')).voiceTag(tag, text)"
    assert page.evaluate(asked, [tag, text]) == voice
