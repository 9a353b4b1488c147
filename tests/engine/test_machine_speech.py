"""Speech at a question: the minimum confidence by effect, keys only after two unclear answers, asking for an agent."""

from typing import Any

import pytest

from ivr.engine.actions import Gather
from ivr.engine.bundle import Bundle
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import DigitsPressed, SpeechHeard
from ivr.engine.sources import build
from tests.engine.played_call import AT, PlayedCall
from tests.engine.small_bank import DEFAULTS, MAIN, SERVICES, sources

BLOCK = ServiceContract(
    "block_card", {}, {"done": ()}, effects=frozenset({"changes_security"}), needs=frozenset({"query"})
)
WORDED = DEFAULTS.replace("no_match: common.wrong", "no_match: common.wrong, by_key: main.by_key")
WORDED += 'words: {"0": words.agent, "9": words.repeat}\n'
FLOW = (
    MAIN.replace("steps:", "variables: {amount: {type: money}, number: {type: digits}}\nsteps:").replace(
        '{"1": say_hello}', '{"1": sure, "2": consent, "3": twice, "4": stolen, "5": plain}'
    )
    + """
  sure: {confirm: main.sure, "yes": pay, "no": say_hello}
  pay: {service: pay, with: [amount], outcomes: {paid: menu, no_funds: menu, unavailable: bye}}
  consent: {confirm: main.consent, "yes": keep, "no": say_hello}
  keep: {callback: number, outcomes: {booked: menu, invalid: menu, already: menu, limit: menu}}
  twice: {confirm: main.again, "yes": sure, "no": say_hello}
  stolen: {confirm: main.consent, "yes": verified, "no": say_hello}
  verified: {authenticate: query, outcomes: {verified: block}}
  block: {service: block_card, outcomes: {done: menu}}
  plain: {confirm: main.consent, "yes": menu, "no": say_hello}
"""
)
ZH: dict[str, str | list[str]] = {
    "words.agent": ["人工", "真人"], "words.repeat": ["重听", "重复"], "main.by_key": "请按键。",
    "main.menu": "付款，请按1。同意，请按2。重复转账，请按3。挂失，请按4。其他，请按5。",
    "main.sure": "付款。确认付款，请按1。取消，请按2。", "main.consent": "同意，请按1。换号码，请按2。",
    "main.again": "重复转账，请按1。取消，请按2。", "common.too_long": "没有受理。",
}  # fmt: skip
EN: dict[str, str | list[str]] = {
    "words.agent": ["agent"], "words.repeat": ["again"], "main.by_key": "Use the keys.",
    "main.menu": "For a, press 1. For consent, press 2. For twice, press 3. For loss, press 4. For more, press 5.",
    "main.sure": "To confirm, press 1. To cancel, press 2.", "main.consent": "To agree, press 1. For another, press 2.",
    "main.again": "To transfer it again, press 1. To cancel, press 2.", "common.too_long": "Not done.",
}  # fmt: skip
LEAST = {"menu": 0.0, "contact": 0.4, "security": 0.6, "money": 0.8}


def built(defaults: str = WORDED, **rules: Any) -> Bundle:
    """The small bank with a service more."""
    return build(sources({"main": FLOW}, ZH, EN, defaults=defaults, **rules), {**SERVICES, BLOCK.name: BLOCK})


def bank(**least: float) -> Bundle:
    """The small bank with confirms of every effect, heard as surely as said here."""
    return built(least_confidence={**LEAST, **least})


def at(key: str, **least: float) -> PlayedCall:
    """A call at the question behind a key."""
    return PlayedCall(bank(**least)).press(key)


def say(line: PlayedCall, text: str, confidence: float | None = 1.0) -> PlayedCall:
    """Words, heard so surely."""
    return line.take(SpeechHeard(AT, text, confidence))


def listens(line: PlayedCall) -> bool:
    """True where the last turn asks with speech."""
    [gather] = [each for each in line.turn.actions if isinstance(each, Gather)]
    return gather.speech


def test_the_effect_of_a_yes_is_what_it_leads_to_before_the_next_one() -> None:
    effects = {place[1]: effect for place, effect in bank().effects.items()}
    assert effects == {"sure": "money", "consent": "contact", "twice": "menu", "stolen": "security", "plain": "menu"}


@pytest.mark.parametrize(
    ("key", "confidence", "taken"),
    [
        ("1", 0.8, True), ("1", 1.0, True), ("1", 0.79, False), ("1", 0.0, False), ("1", None, False),
        ("2", 0.4, True), ("2", 0.39, False), ("2", None, False),
        ("4", 0.6, True), ("4", 0.59, False), ("4", None, False),
        ("3", 0.0, True), ("3", None, True),
    ],
)  # fmt: skip
def test_a_yes_counts_where_it_is_sure_enough_for_what_it_does(key: str, confidence: float | None, taken: bool) -> None:
    line = at(key)
    before = line.step
    yes = {"1": "确认付款", "2": "同意", "3": "重复转账", "4": "同意"}[key]
    say(line, yes, confidence)
    assert (line.turn.trail[0] == (f"main.{before}", "yes")) is taken
    assert (line.step == before) is not taken
    assert taken or line.keys[0] == "common.wrong"


def test_a_no_and_a_person_are_safe_and_count_however_unsure() -> None:
    assert say(at("1"), "取消", 0.1).turn.trail[0] == ("main.sure", "no")
    assert say(at("1"), "人工", None).step == "to_agent"


def test_words_of_a_menu_count_by_the_menus_own_bound() -> None:
    assert say(PlayedCall(bank()), "付款", None).step == "sure"
    line = say(PlayedCall(bank(menu=0.3)), "付款", 0.2)
    assert (line.step, line.keys[0]) == ("menu", "common.wrong")
    assert say(line, "付款", 0.3).step == "sure"
    assert say(at("1", menu=0.3), "人工", 0.2).step == "sure"
    assert say(at("1", menu=0.3), "取消", 0.2).step == "sure"


@pytest.mark.parametrize("said", ["是？", "好了", "嗯", "今天天气", "对吧", "OK", "确认付款？"])
def test_what_is_neither_yes_nor_no_is_asked_again_and_then_for_a_key(said: str) -> None:
    line = at("1")
    assert listens(line)
    say(line, said)
    assert line.keys == ["common.wrong", "main.sure"]
    assert listens(line)
    say(line, said)
    assert line.keys == ["main.by_key", "main.sure"]
    assert not listens(line)
    assert say(at("1"), "确认付款").turn.trail[0] == ("main.sure", "yes")


def test_after_the_second_time_words_are_no_yes_and_a_key_is() -> None:
    line = say(say(at("1"), "嗯"), "嗯")
    assert line.bundle is not None
    forked = PlayedCall(line.bundle)
    forked.session = line.session.copy()
    assert say(forked, "确认付款").turn.trail[0] == ("main.sure", "no_match")
    line.take(DigitsPressed(AT, "9"))
    assert not listens(line)
    assert line.press("1").turn.trail[0] == ("main.sure", "yes")


def test_a_new_visit_to_the_question_hears_words_again() -> None:
    line = say(say(at("1"), "嗯"), "嗯").press("2").press("1")
    assert line.step == "sure"
    assert listens(line)


def test_a_question_without_a_prompt_for_keys_says_what_a_miss_says() -> None:
    line = PlayedCall(built(WORDED.replace(", by_key: main.by_key", ""))).press("1")
    say(say(line, "嗯"), "嗯")
    assert (line.keys, listens(line)) == (["common.wrong", "main.sure"], False)


def test_a_label_is_stronger_than_a_global_word_in_it() -> None:
    assert say(at("3"), "重复转账").turn.trail[0] == ("main.twice", "yes")
    assert say(at("3"), "重复").turn.trail[0] == ("main.twice", "repeat")
    line = PlayedCall(built(languages=["en", "zh-CN"])).press("3")
    assert say(line, "transfer it again").turn.trail[0] == ("main.twice", "yes")
    assert line.step == "sure"


def test_options_without_words_are_chosen_by_what_they_are_announced_as() -> None:
    assert say(PlayedCall(bank()), "其他").step == "plain"
    assert say(PlayedCall(bank()), "取消付款").step == "menu"
