"""Saying a label chooses its key, and asking for an agent reaches one: texts and words that break it."""

import pytest

from tests.engine.small_bank import DEFAULTS, MAIN, checked

WORDED = DEFAULTS + 'words: {"0": words.agent, "9": words.repeat}\n'
ZH = {"words.agent": ["人工", "真人"], "words.repeat": ["重听", "再说一遍"], "words.pay": ["缴费"],
      "main.sure": "付十元。确认付款，请按1。取消，请按2。"}  # fmt: skip
EN = {"words.agent": ["agent", "a person"], "words.repeat": ["again"], "words.pay": ["pay"],
      "main.sure": "You pay ten yuan. To confirm the payment, press 1. To cancel, press 2."}  # fmt: skip
MENU = "甲，请按1。重听，请按9。人工服务，请按0。"
OPTIONS = "For a, press 1. To hear this again, press 9. For an agent, press 0."
OPTION = '{"1": {then: sure, words: words.pay}}'
SURE = '  sure: {confirm: main.sure, "yes": bye, "no": say_hello}\n'


def heard(zh: dict[str, str | list[str]], en: dict[str, str | list[str]]) -> list[str]:
    """The findings about what is heard in a menu with an option, and a confirm behind it."""
    flows = {"main": MAIN.replace('{"1": say_hello}', OPTION) + SURE}
    findings = checked(flows, {**ZH, "main.menu": MENU, **zh}, {**EN, "main.menu": OPTIONS, **en}, defaults=WORDED)
    return [str(each) for each in findings if each.code in ("label-unheard", "word-taken")]


def test_labels_that_name_one_thing_are_heard() -> None:
    assert heard({}, {}) == []
    assert heard({"main.menu": "缴纳费用，请按1。人工服务，请按0。"}, {"main.menu": "For what is due, press 1."}) == []


@pytest.mark.parametrize(
    ("zh", "en", "told"),
    [
        ({"main.sure": "付十元。确认付款吗，请按1。取消，请按2。"}, {},
         "in zh-CN '确认付款吗' is announced for 1, and at main.sure saying it chooses nothing"),
        ({"main.sure": "付十元。确认付款，请按1。同意取消，请按2。同意，请按2。"}, {},
         "in zh-CN '同意' is announced for 2, and at main.sure saying it chooses 1"),
        ({"main.menu": "重听，请按1。"}, {},
         "in zh-CN '重听' is a word of 9, and here saying it chooses 1"),
        ({"main.menu": "甲，请按1。真人，请按1。"}, {}, "in zh-CN '真人' is a word of 0"),
        ({}, {"main.menu": "For an agent, press 1."},
         "in en 'agent' is a word of 0, and here saying it chooses 1. Callers who ask for a person "),
        ({"words.pay": ["人工", "缴费"]}, {}, "in zh-CN '人工' is a word of 0, and here saying it chooses 1"),
        ({}, {"words.pay": ["pay", "my person"]}, "in en 'a person' is a word of 0, and here saying it chooses 1"),
        ({}, {"main.menu": "For a, press 1. To pay again, press 9. For an agent, press 0.", "words.pay": ["pay again"]},
         "in en 'pay again' is announced for 9, and at main.menu saying it chooses 1"),
    ],
)  # fmt: skip
def test_what_is_not_heard_as_announced_is_told(
    zh: dict[str, str | list[str]], en: dict[str, str | list[str]], told: str
) -> None:
    found = heard(zh, en)
    assert any(told in each for each in found), found


def test_a_finding_names_language_line_label_what_it_chose_and_the_remedy() -> None:
    found = heard({"main.sure": "付十元。确认付款吗，请按1。取消，请按2。"}, {})
    assert found == [
        "prompts/zh-CN.yaml:10:12: label-unheard main.sure: in zh-CN '确认付款吗' is announced for 1, and at main.sure "
        "saying it chooses nothing. Callers who say what they just heard would not be understood. "
        "word it as a statement that names this option alone, such as  更换号码，请按2."
    ]
