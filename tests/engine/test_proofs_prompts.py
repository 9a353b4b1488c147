"""Prompts and the keys they name: each proof with texts that break it, word for word, and texts that do not."""

import pytest

from ivr.engine.proofs import CODE_KEYS
from ivr.engine.proofs.spoken_keys import mentions
from tests.engine.house import MAIN, WORDS, faults, proven, said


def test_a_prompt_that_is_missing_in_a_language_is_told_with_the_one_that_was_meant() -> None:
    findings = proven(en={"main.hello": "", "main.helo": "Hello."})
    assert said(findings, "missing") == [
        "flows/main.yaml:7:20: missing main.say_hello: the prompt 'main.hello' is missing in en. "
        "Callers would hear nothing here. did you mean 'main.helo'?"
    ]
    assert said(findings, "unused") == [
        "prompts/en.yaml:6:12: unused main.helo: no step and no part of the program speaks this prompt. "
        "Callers would never hear it. take it out, or name it in a step."
    ]


def test_a_missing_prompt_that_every_question_inherits_is_told_once_where_it_is_written() -> None:
    findings = said(proven(zh={"common.again": ""}), "missing")
    assert len(findings) == 1
    assert findings[0].startswith("flows/defaults.yaml:4:")


def test_what_the_code_speaks_is_there_and_is_not_unused() -> None:
    key = "common.system_down"
    words = {key: "系统繁忙。"}, {key: "We are busy."}
    assert said(proven(*([None, *words]), known=frozenset({key})), "unused") == []
    assert said(proven(None, words[0], known=frozenset({key})), "missing") == [
        "prompts/en.yaml:1:1: missing common.system_down: the prompt 'common.system_down', which the program speaks, "
        "is missing in en. Callers would hear nothing here. add common.system_down to prompts/en.yaml."
    ]
    assert {"common.system_down", "common.too_long", "queue.wait"} <= CODE_KEYS


def test_texts_and_names_belong_to_services_and_stand_in_every_language() -> None:
    both = {"texts.paid": "已缴费", "names.in": "转入"}
    assert proven(None, both, both) == []
    assert len(said(proven(None, both, {"texts.paid": "Paid"}), "missing")) == 1


def test_words_that_choose_an_option_are_there_in_every_language() -> None:
    flows = {"main": MAIN.replace('{"1": say_hello}', '{"1": {then: say_hello, words: words.hello}}')}
    assert proven(flows, {"words.hello": ["问候"]}, {"words.hello": ["greeting"]}) == []
    assert (
        "the list of words 'words.hello' is missing in en"
        in said(proven(flows, {"words.hello": ["问候"]}), "missing")[0]
    )


# --- slots -----------------------------------------------------------------------------------------------------------


def hello(zh: str, en: str, variables: str = "{}") -> list[str]:
    """What is said of the slots of a prompt that one step speaks."""
    flows = {"main": MAIN.replace("steps:", f"variables: {variables}\nsteps:")}
    findings = proven(flows, {"main.hello": zh}, {"main.hello": en})
    return [str(finding) for finding in findings if finding.code in ("slot", "translation")]


def test_a_slot_without_a_value_is_told() -> None:
    assert hello("您好，{nmae}。", "Hello, {nmae}.", "{name: {type: text}}") == [
        "flows/main.yaml:8:20: slot main.say_hello: the prompt 'main.hello' speaks {nmae}, which this step does not "
        "have. The call would break here and go to an agent. did you mean 'name'?"
    ]


def test_constants_and_what_is_always_known_can_be_spoken() -> None:
    assert hello("{bank_name}，{each_limit|money}，{language}。", "{bank_name}, {each_limit|money}, {language}.") == []


@pytest.mark.parametrize(
    ("kind", "slot", "remedy"),
    [
        ("digits", "{x|money}", "write {x|digits} or {x|last4} or {x|phone}"),
        ("money", "{x}", "write {x|money}"),
        ("number", "{x|money}", "write {x|count} or {x|minutes} or {x|number}"),
        ("flag", "{x}", "branch on it, and speak a prompt for each"),
        ("list", "{x}", "speak it item by item with each:"),
        ("choice", "{x}", "name a part of it, such as {x.name}"),
        ("money", "{x.part}", "write {x}"),
    ],
)
def test_a_format_that_does_not_fit_the_type_is_told(kind: str, slot: str, remedy: str) -> None:
    found = hello(f"{slot}。", f"{slot}.", f"{{x: {{type: {kind}}}}}")
    assert len(found) == 1
    assert remedy in found[0]
    assert kind in found[0]


def test_the_parts_of_a_choice_and_the_right_formats_fit() -> None:
    variables = "{a: {type: choice}, b: {type: money}, c: {type: digits}, d: {type: date}}"
    text = "{a.last4|digits} {b|money} {c|last4} {d|date}"
    assert hello(text, text, variables) == []


def test_two_languages_speak_the_same_values() -> None:
    assert hello("您好，{bank_name}。", "Hello.") == [
        "prompts/en.yaml:5:13: translation main.hello: zh-CN and en do not speak the same values: {bank_name}. "
        "Callers would hear less in one language than in the other. bring the two texts together."
    ]


def test_an_unknown_format_is_refused_before_any_proof() -> None:
    assert "there is no format 'mony'" in faults(None, {"main.hello": "{bank_name|mony}"})[0]


def test_items_and_keys_are_offered_where_they_are_spoken() -> None:
    text = "pick: {menu: main.pick, choices: list, each: main.item, into: one, then: menu}\n  again: "
    flows = {"main": MAIN.replace("say_hello: ", text).replace('"1": say_hello', '"1": pick').replace(
        "steps:", "variables: {list: {type: list}, one: {type: choice}}\nsteps:")}  # fmt: skip
    zh, en = {"main.pick": "请选择。", "main.item": "{item.name}，请按{key}。"}, {
        "main.pick": "Please choose.", "main.item": "For {item.name}, press {key}."}  # fmt: skip
    assert said(proven(flows, zh, en), "slot") == []
    assert said(proven(flows, zh, en), "option-unnamed") == []
    en["main.item"] = zh["main.item"] = "{item.name}。"
    assert "does not speak {key}" in said(proven(flows, zh, en), "option-unnamed")[0]


ACCOUNTS = """
flow: accounts
start: check
variables: {accounts: {type: list}, account: {type: choice}, balance: {type: money}}
steps:
  check: {authenticate: query, outcomes: {verified: find}}
  find: {service: find_balance, outcomes: {found: list, unavailable: main.menu}}
  list: {say: accounts.line, each: accounts, then: choose}
  choose: {menu: accounts.choose, choices: accounts, each: accounts.offer, into: account, then: tell}
  tell: {call: telling, with: {chosen: account}, then: told}
  told: {say: accounts.told, then: main.menu}
"""
TELLING = """
flow: telling
start: tell
variables: {chosen: {type: choice}}
steps:
  tell: {say: accounts.chosen, then: return}
"""


def parts(key: str, text: str) -> list[str]:
    """What is said of the parts of an account in one of the prompts that speak them."""
    flows = {
        "accounts": ACCOUNTS,
        "telling": TELLING,
        "main": MAIN.replace('{"1": say_hello}', '{"1": say_hello, "2": accounts.check}'),
    }
    words = {
        "accounts.line": "{item.last4|digits}", "accounts.choose": "?", "accounts.offer": "{item.last4|digits}{key}",
        "accounts.told": "{account.balance|money}", "accounts.chosen": "{chosen.last4|digits}", key: text,
    }  # fmt: skip
    return [finding.split(": ", 1)[1] for finding in said(proven(flows, words, words), "slot")]


@pytest.mark.parametrize(
    ("key", "head", "step"),
    [
        ("accounts.line", "item", "accounts.list"), ("accounts.offer", "item", "accounts.choose"),
        ("accounts.told", "account", "accounts.told"), ("accounts.chosen", "chosen", "telling.tell"),
    ],
)  # fmt: skip
def test_a_part_that_nothing_has_is_told_wherever_the_thing_came_from(key: str, head: str, step: str) -> None:
    assert parts(key, f"{{{head}.last4|digits}}{{{head}.balance|money}}") == []
    assert parts(key, f"{{{head}.lst4|digits}}") == [
        f"slot {step}: the prompt '{key}' speaks {{{head}.lst4}}, but '{head}' has no such part. "
        "The call would break here and go to an agent. did you mean 'last4'?"
    ]
    assert parts(key, f"{{{head}.balance|digits}}") == [
        f"slot {step}: the prompt '{key}' speaks {{{head}.balance|digits}}, but '{head}.balance' is a money. "
        f"The call would break here and go to an agent. write {{{head}.balance|money}}."
    ]


# --- keys named in the text ------------------------------------------------------------------------------------------


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
        ("查询余额，请按1。", True), ("查询余额请按1", True), ("按1查询余额。", False), ("请按1键，查询余额", True),
        ("请按1键查询余额", False), ("For your balance, press 1.", True), ("Press 1 for your balance.", False),
        ("Press one to pay.", False), ("To pay, press 1 or say pay.", True), ("缴费请按1或说缴费", True),
    ],
)  # fmt: skip
def test_the_action_is_named_before_the_key(text: str, after: bool) -> None:
    assert [mention.after_action for mention in mentions(text)] == [after]


def keys(zh: str, en: str, options: str = '{"1": say_hello, "2": say_hello}') -> list[str]:
    """What is said of the keys in a menu's texts."""
    flows = {"main": MAIN.replace('{"1": say_hello}', options)}
    codes = ("no-such-key", "option-unnamed", "key-order", "key-first")
    findings = proven(flows, {"main.menu": zh}, {"main.menu": en})
    return [str(finding) for finding in findings if finding.code in codes]


GOOD = "甲，请按1。乙，请按2。人工服务，请按0。", "For a, press 1. For b, press 2. For an agent, press 0."


def test_texts_that_name_their_keys_well_are_fine() -> None:
    assert keys(*GOOD) == []


def test_a_key_that_is_named_and_does_nothing_is_told() -> None:
    assert keys(GOOD[0] + "丙，请按三。", GOOD[1]) == [
        "flows/main.yaml:5:11: no-such-key main.menu: 'main.menu' in zh-CN names the key 3, which is no key here. "
        "Callers would press it and hear that it is wrong. add the key, or take it out of 'main.menu'."
    ]


def test_an_option_that_is_never_named_is_told() -> None:
    assert keys(GOOD[0], "For a, press 1.") == [
        "flows/main.yaml:5:11: option-unnamed main.menu: 'main.menu' in en never names the key 2. "
        "Callers would not know of this option. tell callers what 2 is for, or take the option out."
    ]


def test_keys_are_named_in_the_order_of_the_keypad() -> None:
    assert keys("乙，请按2。甲，请按1。", GOOD[1]) == [
        "flows/main.yaml:5:11: key-order main.menu: 'main.menu' in zh-CN names the keys in the order 2 1. "
        "Callers keep rising numbers more easily. name them as 1 2."
    ]


def test_a_key_that_stands_before_its_action_is_told() -> None:
    assert keys(GOOD[0], "For a, press 1. Press 2 for b.") == [
        "flows/main.yaml:5:11: key-first main.menu: 'main.menu' in en names 2 before what it does. "
        "Callers would have to remember the key until they hear what it is for. "
        "name the action first: 查询余额，请按1 / for your balance, press 1."
    ]


def test_two_languages_in_one_menu_share_its_keys() -> None:
    flows = {"main": MAIN.replace("menu: main.menu", "menu: main.menu\n    languages: [zh-CN, en]").replace(
        '{"1": say_hello}', '{"1": say_hello, "2": say_hello}')}  # fmt: skip
    assert proven(flows, {"main.menu": "普通话，请按1。"}, {"main.menu": "For English, press 2."}) == []


def test_a_confirmation_names_one_and_two() -> None:
    sure = "say_hello: {confirm: main.hello, yes: bye, no: bye}\n  other: {say: main.hello,"
    flows = {"main": MAIN.replace("say_hello: {say: main.hello,", sure)}
    words = {"main.hello": "确认，请按1。取消，请按2。"}, {"main.hello": "To agree, press 1."}
    assert ["never names the key 2" in each for each in said(proven(flows, *words), "option-unnamed")] == [True]


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
    findings = proven(flows, {"main.ask": text}, {"main.ask": "Please enter it."})
    assert (said(findings, "no-such-key") == []) is fine


def test_the_words_of_the_small_bank_are_the_same_keys_in_both_languages() -> None:
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()


def announced(text: str, then: str = "menu") -> list[str]:
    """What is said of a key that is named before a question."""
    flows = {
        "main": MAIN.replace(
            "say_hello: {say: main.hello, then: menu}", f"say_hello: {{say: main.hello, then: {then}}}"
        )
    }
    return said(proven(flows, {"main.hello": text}, {"main.hello": text}), "no-such-key")


def test_a_key_named_before_a_question_works_there() -> None:
    assert announced("再听一遍，请按1。") == []
    assert announced("人工服务，请按0。") == []
    assert announced("再听一遍，请按3。")[0].startswith(
        "flows/main.yaml:7:20: no-such-key main.say_hello: 'main.hello' in en names the key 3, which is no key at any "
    )
    assert len(announced("再听一遍，请按1。", then="bye")) == 2
