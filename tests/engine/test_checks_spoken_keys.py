"""A text names exactly the keys that work, action first: texts that break it, and texts that do not."""

import pytest

from ivr.engine.checks.key_mentions import mentions
from tests.engine.small_bank import MAIN, checked, said


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("余额请按1，转账请按2。", "1 2"), ("人工服务，按零。重听按九。", "0 9"),
        ("返回请按星号键，结束按井号键。", "* #"), ("按#键", "#"), ("按*号键", "*"), ("按银行卡号挂失，请按1", "1"),
        ("请按 3 号键", "3"), ("For a, press 1. For b, press two.", "1 2"), ("press the star key", "*"),
        ("press hash", "#"), ("press the pound key", "#"), ("press 10", ""), ("no key at all", ""), ("支付12元", ""),
        ("to hear this again, press nine", "9"), ("press zero for help", "0"),
    ],
)  # fmt: skip
def test_keys_are_found_in_texts(text: str, keys: str) -> None:
    assert " ".join(mention.key for mention in mentions(text)) == keys


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("查询余额，请按1。", True), ("查询余额请按1", True), ("按1查询余额。", False), ("请按1键，查询余额", False),
        ("请按1键查询余额", False), ("For your balance, press 1.", True), ("Press 1 for your balance.", False),
        ("Press one to pay.", False), ("To pay, press 1 or say pay.", True), ("缴费请按1或说缴费", True),
    ],
)  # fmt: skip
def test_the_action_is_named_before_the_key(text: str, after: bool) -> None:
    assert [mention.after_action for mention in mentions(text)] == [after]


def keys(zh: str, en: str, options: str = '{"1": say_hello, "2": say_hello}') -> list[str]:
    """What is said of the keys in a menu's texts."""
    flows = {"main": MAIN.replace('{"1": say_hello}', options)}
    codes = ("no-such-key", "option-unnamed", "key-order", "key-first", "key-alone", "same-label")
    findings = checked(flows, {"main.menu": zh}, {"main.menu": en})
    return [str(finding) for finding in findings if finding.code in codes]


GOOD = "甲，请按1。乙，请按2。人工服务，请按0。", "For a, press 1. For b, press 2. For an agent, press 0."


def test_texts_that_name_their_keys_well_are_fine() -> None:
    assert keys(*GOOD) == []


def test_a_key_that_is_named_and_does_nothing_is_told() -> None:
    assert keys(GOOD[0] + "丙，请按三。", GOOD[1]) == [
        "prompts/zh-CN.yaml:4:12: no-such-key main.menu: 'main.menu' in zh-CN names the key 3, which does nothing here."
        " Callers would press it and hear that it is wrong. add the key, or take it out of 'main.menu'."
    ]


def test_an_option_that_is_never_named_is_told() -> None:
    assert keys(GOOD[0], "For a, press 1.") == [
        "prompts/en.yaml:4:12: option-unnamed main.menu: 'main.menu' in en never names the key 2. "
        "Callers would not know of this option. tell callers what 2 is for, or take the option out."
    ]


def test_keys_are_named_in_the_order_of_the_keypad() -> None:
    assert keys("乙，请按2。甲，请按1。", GOOD[1]) == [
        "prompts/zh-CN.yaml:4:12: key-order main.menu: 'main.menu' in zh-CN names the keys in the order 2 1. "
        "Callers keep rising numbers more easily. name them as 1 2."
    ]


def test_a_key_that_stands_before_its_action_is_told() -> None:
    assert keys(GOOD[0], "For a, press 1. Press 2 for b.") == [
        "prompts/en.yaml:4:12: key-first main.menu: 'main.menu' in en names 2 before what it does. "
        "Callers would have to remember the key until they hear what it is for. "
        "name the action first: 查询余额，请按1 / for your balance, press 1."
    ]


def test_two_languages_in_one_menu_share_its_keys() -> None:
    flows = {"main": MAIN.replace("menu: main.menu", "menu: main.menu\n    languages: [zh-CN, en]").replace(
        '{"1": say_hello}', '{"1": say_hello, "2": say_hello}')}  # fmt: skip
    zh, en = "普通话，请按1。人工服务，请按0。", "For English, press 2. For an agent, press 0."
    assert checked(flows, {"main.menu": zh}, {"main.menu": en}) == []


def test_a_confirmation_names_one_and_two() -> None:
    sure = "say_hello: {confirm: main.hello, yes: bye, no: bye}\n  other: {say: main.hello,"
    flows = {"main": MAIN.replace("say_hello: {say: main.hello,", sure)}
    words = {"main.hello": "确认，请按1。取消，请按2。"}, {"main.hello": "To agree, press 1."}
    assert ["never names the key 2" in each for each in said(checked(flows, *words), "option-unnamed")] == [True]


@pytest.mark.parametrize(
    ("kind", "text", "fine"),
    [
        ("digits: {max: 9}", "请输入号码，按井号键结束。", True),
        ("digits: {exactly: 6}", "请输入号码，人工服务请按0。", False),  # inside a number, 0 is a digit
        ("amount: {}", "请输入金额，小数点请按星号键。", True),
        ("digits: {exactly: 6}", "请输入号码，返回请按星号键。", True),
    ],
)
def test_while_digits_are_data_only_the_star_and_the_end_key_can_be_named(kind: str, text: str, fine: bool) -> None:
    ask = f"say_hello: {{collect: x, prompt: main.ask, {kind}, then: menu}}\n  other: "
    sort = "money" if "amount" in kind else "digits"
    head = f"variables: {{x: {{type: {sort}}}}}\nsteps:"
    flows = {"main": MAIN.replace("say_hello: ", ask).replace("steps:", head)}
    findings = checked(flows, {"main.ask": text}, {"main.ask": "Please enter it."})
    assert (said(findings, "no-such-key") == []) is fine


def said_before(text: str, then: str = "menu") -> list[str]:
    """What is said of a key that is named before a question."""
    flows = {
        "main": MAIN.replace(
            "say_hello: {say: main.hello, then: menu}", f"say_hello: {{say: main.hello, then: {then}}}"
        )
    }
    return said(checked(flows, {"main.hello": text}, {"main.hello": text}), "no-such-key")


def test_a_key_named_before_a_question_works_there() -> None:
    assert said_before("再听一遍，请按1。") == []
    assert said_before("人工服务，请按0。") == []
    assert said_before("再听一遍，请按3。")[0].startswith(
        "prompts/en.yaml:5:13: no-such-key main.say_hello: 'main.hello' in en names the key 3, which does nothing at "
    )
    [told] = said_before("再听一遍，请按1。", then="bye")
    assert told.endswith("And 1 more that follow from it.")
